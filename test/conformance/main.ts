import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBigQuery } from '../../local/bigquery/start-bigquery.ts'
import { CommandError, runCommand, UsageError } from '../../command/command.ts'
import { startStorage } from '../../local/storage/start-storage.ts'
import { familyOf, readCases, type Case } from './cases.ts'
import { report, type Judged } from './report.ts'
import { createRestClient } from './rest-client.ts'
import { runCase } from './run-case.ts'

/** That of the recordings, whose answers repeat it. */
const bucket = { name: 'test-webhook-bucket', folder: 'bqemu-conformance' }

process.exitCode = await runCommand({
  name: 'npm run conformance',
  summary: 'Runs recorded BigQuery cases (sql.jsonl, http.jsonl) against the local BigQuery.',
  positionals: 'FOLDER',
  options: {
    family: { type: 'string', value: 'NAME', help: 'only the cases of this family' },
    id: { type: 'string', value: 'ID', help: 'only this case, or those whose id contains it' },
    refused: { type: 'boolean', help: 'list the refused cases too' },
  },
  async run({ family, id, refused = false }, [folder, ...others]) {
    if (folder === undefined || others.length > 0) {
      throw new UsageError('give the one folder that holds the recorded cases')
    }
    const cases = readCases(folder).filter(
      (recorded) =>
        (family === undefined || familyOf(recorded) === family) &&
        (id === undefined || recorded.case.id.includes(id)),
    )
    if (cases.length === 0) throw new CommandError('no recorded case has this family and id')

    const judged = await runAll(cases)
    process.stdout.write(`${report(judged, { listRefused: refused })}\n`)
    return judged.some(({ outcome }) => outcome.outcome === 'different') ? 1 : 0
  },
})

async function runAll(cases: Case[]): Promise<Judged[]> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  const storage = await startStorage({ port: 0, folder })
  const storageHost = `http://${storage.address}`
  const bigQuery = await startBigQuery({ port: 0, dataFolder: ':memory:', storageHost })
  try {
    await createRestClient(storageHost)('POST', '/storage/v1/b?project=conformance', {
      body: { name: bucket.name },
    })
    const call = createRestClient(`http://${bigQuery.address}`)
    const path = `${bucket.name}/${bucket.folder}`
    const judged: Judged[] = []
    for (const [number, recorded] of cases.entries()) {
      judged.push({ recorded, outcome: await runCase(recorded, { call, bucket: path, number }) })
    }
    return judged
  } finally {
    await bigQuery.stop()
    await storage.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
