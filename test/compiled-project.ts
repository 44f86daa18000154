import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

type Target = { database: string; schema: string; name: string }

type Action = {
  target: Target
  fileName: string
  dependencyTargets?: Target[]
  tags?: string[]
  actionDescriptor?: { description?: string; columns?: { path: string[]; description: string }[] }
}

export type CompiledTable = Action & {
  type: 'table' | 'view' | 'incremental'
  query: string
  incrementalQuery?: string
  preOps?: string[]
  postOps?: string[]
  incrementalPreOps?: string[]
  incrementalPostOps?: string[]
  uniqueKey?: string[]
  protected?: boolean
  onSchemaChange?: string
  bigquery?: {
    partitionBy?: string
    clusterBy?: string[]
    partitionExpirationDays?: number
    updatePartitionFilter?: string
    labels?: Record<string, string>
  }
}

export type CompiledAssertion = Action & { query: string; parentAction?: Target }

export type CompiledTest = {
  name: string
  fileName: string
  testQuery: string
  expectedOutputQuery: string
}

/** As much of Dataform's compiled graph as the checks need. */
export type CompiledProject = {
  tables: CompiledTable[]
  assertions: CompiledAssertion[]
  declarations: Action[]
  tests: CompiledTest[]
  projectConfig: { vars: Record<string, string> }
  graphErrors: { compilationErrors?: { message: string; fileName?: string }[] }
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the Dataform CLI makes of definitions/; `vars` replace those of dataform.json. */
export async function compileProject(vars: Record<string, string> = {}): Promise<CompiledProject> {
  const overrides = Object.entries(vars).map(([name, value]) => `${name}=${value}`)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      'node_modules/@dataform/cli/bundle.js',
      'compile',
      '--json',
      ...(overrides.length > 0 ? [`--vars=${overrides.join(',')}`] : []),
    ],
    { cwd: root, maxBuffer: 2 ** 26 },
  )
  return JSON.parse(stdout)
}
