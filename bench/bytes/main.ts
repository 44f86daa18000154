import type { BigQuery } from '@google-cloud/bigquery'
import { runCommand, wholeNumber } from '../../command/command.ts'
import { day, hour } from '../../local/generator/event.ts'
import { land, openModels, runAll, type Models } from '../../test/law/models.ts'
import { compileProject } from '../../test/compiled-project.ts'
import { grouped, table } from '../statistics.ts'
import { rawEvents } from './raw-events.ts'

const rowsAnInsert = 5_000

process.exitCode = await runCommand({
  name: 'npm run bench:bytes',
  summary:
    'Says what each action of Dataform reads in BigQuery to take in one hour, as the local BigQuery ' +
    'estimates it: after some days of history, and as a multiple of the raw events of an hour.',
  options: {
    days: { type: 'string', value: 'N', help: 'days of history (default 30)' },
    events: { type: 'string', value: 'N', help: 'events an hour (default 200)' },
  },
  async run(values) {
    const days = wholeNumber('days', values.days ?? '30', { from: 1 })
    const events = wholeNumber('events', values.events ?? '200', { from: 10 })
    const models = await openModels()
    try {
      await measure(models, days, events)
    } finally {
      await models.warehouse.stop()
    }
  },
})

async function measure(models: Models, days: number, eventsAnHour: number): Promise<void> {
  const { warehouse, increments } = models
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const news = now - hour
  const events = rawEvents(news - days * day, now, eventsAnHour)
  let next = events.next()
  async function landUntil(time: number): Promise<void> {
    while (!next.done && next.value.time < time) {
      const rows = []
      while (!next.done && next.value.time < time && rows.length < rowsAnInsert) {
        rows.push(next.value)
        next = events.next()
      }
      await land(warehouse, rows)
    }
  }

  process.stderr.write(`${days} days of history land, and Dataform's models run\n`)
  await landUntil(news)
  await runAll(warehouse, increments)
  await landUntil(now)

  const { bigquery } = warehouse
  // Hours differ: the last day has the average one.
  const arrived = (await bytesOf(bigquery, allColumnsSince(now - day))) / 24
  const read: [string, number][] = []
  for (const group of increments) {
    for (const { name, script } of group) read.push([name, await bytesOf(bigquery, script)])
  }
  for (const { target, query } of (await compileProject()).assertions) {
    read.push([target.name, await bytesOf(bigquery, query)])
  }
  report(read, arrived)
}

function allColumnsSince(time: number): string {
  return `select * from raw.raw_events where ingest_time >= timestamp_millis(${time})`
}

/** What BigQuery says of the job: all statements of a script together. */
async function bytesOf(bigquery: BigQuery, query: string): Promise<number> {
  const [job] = await bigquery.createQueryJob({ query, location: 'US' })
  await job.getQueryResults()
  const [{ statistics }] = await job.getMetadata()
  return Number(statistics.totalBytesProcessed)
}

function report(read: [string, number][], arrived: number): void {
  const row = (name: string, bytes: number) => [
    name,
    grouped(bytes / 1000),
    grouped(bytes / arrived, 1),
  ]
  const total = read.reduce((sum, [, bytes]) => sum + bytes, 0)
  process.stdout.write(
    `${table([
      ['', 'kB read', 'hours'],
      ['raw events of an hour', grouped(arrived / 1000), '1.0'],
      ...read.map(([name, bytes]) => row(name, bytes)),
      row('all', total),
    ])}\n`,
  )
}
