import { parseArgs } from 'node:util'
import { BigQuery } from '@google-cloud/bigquery'
import { applyDdl } from './apply-ddl.ts'
import { endWithItsReader } from '../command/closed-pipe.ts'
import { readDdl } from './read-ddl.ts'

const help = `npm run ddl: makes the datasets and tables that must exist before anything else runs.
Safe to run again: what exists stays as it is.

  GOOGLE_CLOUD_PROJECT     project to make them in; required
  BIGQUERY_EMULATOR_HOST   BigQuery endpoint to use instead of Google's, such as http://127.0.0.1:9050

The location and the retention of partitions come from dataform.json.`

endWithItsReader()
process.exitCode = await main(process.argv.slice(2), process.env)

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { values } = parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help) {
      console.log(help)
      return 0
    }
  } catch (error) {
    return complain(`${messageOf(error)}. Try: npm run ddl -- --help`, 2)
  }

  const projectId = env.GOOGLE_CLOUD_PROJECT
  if (!projectId) return complain('missing from the environment: GOOGLE_CLOUD_PROJECT', 2)

  try {
    await applyDdl(await readDdl(), new BigQuery({ projectId, maxRetries: 1 }), (line) =>
      console.log(line),
    )
    return 0
  } catch (error) {
    return complain(messageOf(error), 1)
  }
}

function complain(message: string, exitCode: number): number {
  console.error(`ddl: ${message}`)
  return exitCode
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
