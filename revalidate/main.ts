import { inWords, runCommand, type CommandValues } from '../command/command.ts'
import { landingVariables } from '../command/environment.ts'
import { createRowTable } from '../ingest/bigquery-table.ts'
import { createObjectStore } from '../ingest/cloud-storage.ts'
import { readObject } from '../ingest/cloud-storage-pending.ts'
import { systemClock as clock } from '../ingest/clock.ts'
import { openBigQuery, openBucket } from '../ingest/connect.ts'
import { contractValidators } from '../ingest/contract-validators.ts'
import { fieldAt } from '../ingest/json-answer.ts'
import type { Persist } from '../ingest/land-file.ts'
import { reasonOf } from '../ingest/log.ts'
import { retry } from '../ingest/retry.ts'
import { createSecondLanding } from './land-again.ts'
import { readOpenRejections } from './open-rejections.ts'
import { options, readOptions, type Options } from './options.ts'
import { revalidate } from './revalidate.ts'

const patienceMs = 120_000

process.exitCode = await runCommand({
  name: 'npm run revalidate',
  summary: `Holds rejected events against today's contracts and lands again those that keep them.
They land as the ingester lands, file first, under their message id and publish time, with the source
revalidated; the next run of Dataform types them and closes their rejections. Run it again at will.`,
  options,
  environment: {
    ...landingVariables,
    REJECTED_TABLE: 'events.rejected_events where it is not set',
  },
  notes: `What has no place in its table (untypable, event_time_too_old, event_time_in_future) or was too much for
BigQuery keeps its contract already: it is counted as lasting. The summary is one line of JSON. The exit
code is 1 if something could not be read or landed.`,
  async run(values: CommandValues<typeof options>) {
    const what = readOptions(values, process.env)
    return inWords(() => run(what))
  },
})

async function run(what: Options): Promise<number> {
  const { projectId, rawTable, dryRun } = what
  const { dataset, table } = what.rejectedTable
  const bigquery = openBigQuery(projectId)
  const bucket = openBucket(projectId, what.bucket)
  const persistFile = patiently('Cloud Storage')
  const persistRows = patiently('BigQuery')

  // Otherwise every file would seem to be gone.
  await persistFile(() =>
    bucket.getFiles({ prefix: 'output/', maxResults: 1, autoPaginate: false }),
  )
  const [isThere] = await persistRows(() => bigquery.dataset(dataset).table(table).exists())
  if (!isThere) {
    throw new Error(
      `there is no table ${dataset}.${table} (REJECTED_TABLE): npx dataform run makes it, and finds what is rejected`,
    )
  }
  const rejections = await persistRows(() => readOpenRejections(bigquery, what))
  tell(`${rejections.length} rejections${chosen(what)} are open in ${dataset}.${table}`)
  const land = createSecondLanding({
    store: createObjectStore(bucket),
    table: createRowTable(bigquery, rawTable),
    persistFile,
    persistRows,
  })
  const summary = await revalidate({
    rejections,
    validators: contractValidators(),
    readFile: (objectName) => persistFile(() => readObject(bucket, objectName)),
    ...(!dryRun && { land }),
    onProgress: createProgress(rejections.length),
    onProblem: tell,
  })
  process.stdout.write(`${JSON.stringify({ dryRun, ...summary })}\n`)
  return summary.unreadable > 0 ? 1 : 0
}

function chosen({ codes, since }: Options): string {
  return [
    codes.length > 0 && ` with ${codes.join(' or ')}`,
    since && ` of messages since ${since.toISOString()}`,
  ]
    .filter(Boolean)
    .join('')
}

/** Repeats what fails for two minutes; what does not exist or is not allowed fails at once. */
function patiently(service: string): Persist {
  return async (action) => {
    const lasting = new AbortController()
    const signal = AbortSignal.any([lasting.signal, AbortSignal.timeout(patienceMs)])
    let reason = ''
    try {
      return await retry(action, {
        clock,
        random: Math.random,
        signal,
        onSuccess() {},
        onFailure(error) {
          reason = reasonOf(error)
          if (isLasting(error)) lasting.abort()
          else tell(`${service} failed, trying again: ${reason}`)
        },
      })
    } catch (cause) {
      throw new Error(`${service} failed: ${reason}`, { cause })
    }
  }
}

function isLasting(error: unknown): boolean {
  const code = Number(fieldAt(error, 'code') ?? fieldAt(error, 'status'))
  return code >= 400 && code < 500 && code !== 408 && code !== 429
}

/** Says how far it is, at most every five seconds. */
function createProgress(total: number): (checked: number) => void {
  let toldAt = clock.elapsed()
  return (checked) => {
    if (clock.elapsed() - toldAt < 5_000) return
    toldAt = clock.elapsed()
    tell(`${checked} of ${total} checked`)
  }
}

function tell(sentence: string): void {
  process.stderr.write(`revalidate: ${sentence}\n`)
}
