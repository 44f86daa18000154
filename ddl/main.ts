import { BigQuery } from '@google-cloud/bigquery'
import { inWords, runCommand } from '../command/command.ts'
import { required } from '../command/environment.ts'
import { applyDdl } from './apply-ddl.ts'
import { readDdl } from './read-ddl.ts'

process.exitCode = await runCommand({
  name: 'npm run ddl',
  summary: `Makes the datasets and tables that must exist before anything else runs.
Safe to run again: what exists stays as it is.`,
  options: {},
  environment: {
    GOOGLE_CLOUD_PROJECT: 'project to make them in; required',
    BIGQUERY_EMULATOR_HOST:
      "BigQuery endpoint to use instead of Google's, such as http://127.0.0.1:9050",
  },
  notes: 'The location and the retention of partitions come from dataform.json.',
  async run() {
    const { GOOGLE_CLOUD_PROJECT: projectId } = required(process.env, ['GOOGLE_CLOUD_PROJECT'])
    const bigquery = new BigQuery({ projectId, maxRetries: 1 })
    await inWords(async () => applyDdl(await readDdl(), bigquery, (line) => console.log(line)))
  },
})
