import { openCatalog, type Catalog } from '../../catalog/catalog.ts'
import { openDatabase } from '../../database/database.ts'
import { startAnalyzer } from '../analyzer/analyzer.ts'
import { installRuntime } from '../runtime/install-runtime.ts'
import type { QueryRequest, QueryResult, WireValue } from '../sql-engine.ts'
import { createSqlEngine } from './sql-engine.ts'

/** An engine on a database of its own, for tests; `run` takes what differs from a plain request. */
export type TestEngine = {
  catalog: Catalog
  run(sql: string, request?: Partial<QueryRequest>): Promise<QueryResult>
  /** The values of the rows, structs and arrays as plain arrays. */
  rows(sql: string, request?: Partial<QueryRequest>): Promise<unknown[][]>
  /** The message of the error that the statement must end with. */
  refusal(sql: string, request?: Partial<QueryRequest>): Promise<string>
  /** Milliseconds since the epoch; tests may set it. */
  time: { now: number }
  close(): Promise<void>
}

export async function startTestEngine(path = ':memory:'): Promise<TestEngine> {
  const time = { now: Date.UTC(2025, 1, 8, 13, 9) }
  const clock = (): number => time.now
  const database = await openDatabase({ path, install: installRuntime })
  const catalog = await openCatalog({ database, clock })
  const analyzer = await startAnalyzer()
  const engine = await createSqlEngine({ database, catalog, analyzer, clock })
  let jobs = 0

  function run(sql: string, request: Partial<QueryRequest> = {}): Promise<QueryResult> {
    const jobId = `job_${(jobs += 1)}`
    return engine.run({ sql, projectId: 'shop-events', jobId, location: 'US', ...request })
  }

  return {
    catalog,
    run,
    time,
    async rows(sql, request) {
      const { rows } = await run(sql, request)
      return (rows?.read(0, rows.count) ?? []).map(({ f }) => f.map(({ v }) => plain(v)))
    },
    async refusal(sql, request) {
      try {
        await run(sql, request)
      } catch (error) {
        if (error instanceof Error) return error.message
        throw error
      }
      throw new Error(`no error: ${sql}`)
    },
    close: () => engine.close(),
  }
}

function plain(value: WireValue): unknown {
  if (value === null || typeof value === 'string') return value
  return (Array.isArray(value) ? value : value.f).map(({ v }) => plain(v))
}
