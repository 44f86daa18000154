import { expect, test } from 'vitest'
import { location } from '../../local/demo/names.ts'
import { openBooks } from './books.ts'
import { ledgerProblems, ledgerText } from '../../verify/ledger-report.ts'
import { askLedger } from '../../verify/ledger.ts'
import {
  daysBefore,
  errors,
  fromMinutesAgo,
  history,
  inventory,
  minutes,
  rawEvent,
} from './events.ts'

const { query, runs, runsOf, only, clear, models } = openBooks()

const bookkeeping = () => only('events.rejected_events', 'events.duplicate_events', 'events.ledger')
/** What a test needs that has only orders. */
const orderBooks = () => [...only('events.orders'), ...bookkeeping()]

const counts = `files, raw_events, messages, revalidated, typed, rejected, duplicates, redelivered,
  repeated, backfilled, conflicts, expired, unaccounted, booked_twice`

test('the ledger counts by arrival, publication and event type what became of raw events', async () => {
  await runs(
    [
      rawEvent({}),
      rawEvent({ message_id: 'repeated', object_name: 'output/2.json', ingest_time: minutes(5) }),
      rawEvent({ message_id: 'rejected', errors, payload: { order_id: 'order-2' } }),
      // The last run reads from the middle of this hour on.
      rawEvent({ message_id: 'other', payload: { order_id: 'order-4' }, ingest_time: minutes(40) }),
    ],
    [
      rawEvent({ ingest_time: minutes(70) }),
      rawEvent({ message_id: 'repeated', ingest_time: minutes(71) }),
      rawEvent({ message_id: 'late', ingest_time: minutes(75), payload: { order_id: 'order-3' } }),
    ],
    [
      rawEvent({
        message_id: 'rejected',
        ingest_time: minutes(190),
        source: 'revalidated',
        payload: { order_id: 'order-2' },
      }),
      rawEvent({
        message_id: 'conflict',
        ingest_time: minutes(190),
        publish_time: minutes(190),
        payload: { total_amount: 1 },
      }),
    ],
    // Counts the last hour, which has two hours of publication, once more.
    [],
  )

  const rows = await query(`select
      timestamp_diff(ingest_hour, timestamp '${minutes(0)}', hour) as arrived,
      timestamp_diff(publish_hour, timestamp '${minutes(0)}', hour) as published, ${counts}
    from events.ledger order by arrived, published`)
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    '0 0 2 4 4 0 2 1 1 0 1 0 0 0 0 0',
    '1 0 1 3 1 0 1 0 2 1 1 0 0 0 0 0',
    '3 0 1 1 0 1 1 0 0 0 0 0 0 0 0 0',
    '3 3 1 1 1 0 0 0 1 0 0 0 1 0 0 0',
  ])
})

test('a message counts once, though its event is of another day than its rejection', async () => {
  const message = { message_id: 'rejected', payload: { order_date: daysBefore(1) } }
  const of = daysBefore(2)

  await runsOf(orderBooks(), [
    [rawEvent({ ...message, errors })],
    // The next run reads from here on, so that nothing leads it to the day of the rejection.
    [rawEvent({ publish_time: of, payload: { order_date: of }, ingest_time: minutes(200) })],
    [rawEvent({ ...message, source: 'revalidated', ingest_time: minutes(400) })],
  ])

  expect(
    await query(
      'select sum(raw_events) as raw_events, sum(messages) as messages from events.ledger',
    ),
  ).toEqual([{ raw_events: 3, messages: 2 }])
})

test('the ledger does not balance when a raw event is neither kept nor a duplicate, or kept twice', async () => {
  await runsOf(
    [...only('events.inventory'), ...bookkeeping()],
    [
      [
        rawEvent({}),
        rawEvent({ message_id: 'message-2', event_type: 'inventory', payload: inventory }),
      ],
    ],
  )
  await query('insert into events.inventory select * from events.inventory')
  await runsOf(bookkeeping(), [[]])

  expect(await imbalances()).toEqual([
    ['inventory', 1, 2, 0, 1, 'message-2'],
    ['order', 1, 0, 1, 0, 'message-1'],
  ])
})

test('what is lost is noticed though something else of its hour and type is kept twice', async () => {
  await runsOf(orderBooks(), [[rawEvent({})]])
  await query('insert into events.orders select * from events.orders')
  await runsOf(bookkeeping(), [
    [rawEvent({ message_id: 'lost', payload: { order_id: 'order-2' }, ingest_time: minutes(5) })],
  ])

  expect(await imbalances()).toEqual([['order', 2, 2, 1, 1, 'lost,message-1']])
})

test('what came in less than the overlap ago may wait for the next run', async () => {
  const assertion = 'select unbalanced_messages from events_assertions.the_ledger_balances'

  await runsOf(orderBooks(), [[rawEvent({})]])
  await runsOf(bookkeeping(), [[fromMinutesAgo(50)]])
  expect(await query(assertion)).toEqual([])

  await runsOf(bookkeeping(), [[fromMinutesAgo(70)]])
  const found = (await query(assertion)).flatMap((row) => row['unbalanced_messages'])
  expect(found).toContain('message-70')

  await runsOf(orderBooks(), [[]])
  expect(await query(assertion)).toEqual([])
  expect(await query('select sum(unaccounted) as lost from events.ledger')).toEqual([{ lost: 0 }])
})

async function imbalances(): Promise<unknown[][]> {
  const rows = await query(
    `select event_type, raw_events, typed, unaccounted, booked_twice,
      array_to_string(unbalanced_messages, ',') as messages
    from events_assertions.the_ledger_balances order by event_type`,
  )
  return rows.map((row) => Object.values(row))
}

test('a ledger that is made anew says what has expired since', async () => {
  const afterMidnight = `${daysBefore(60).slice(0, 10)}T00:10:00.000Z`
  const arrival = { publish_time: afterMidnight, ingest_time: afterMidnight }
  await runsOf(orderBooks(), [
    [
      rawEvent({ ...arrival, payload: { order_date: daysBefore(100) } }),
      rawEvent({ ...arrival, message_id: 'message-2', payload: { order_date: daysBefore(60) } }),
      // The day that expired last, and the one that expires next.
      rawEvent({ ...arrival, message_id: 'message-3', payload: { order_date: daysBefore(89) } }),
      rawEvent({ ...arrival, message_id: 'message-4', payload: { order_date: daysBefore(88) } }),
    ],
  ])

  expect(
    await query('select raw_events, messages, typed, expired, unaccounted from events.ledger'),
  ).toEqual([{ raw_events: 4, messages: 2, typed: 2, expired: 2, unaccounted: 0 }])
})

test('npm run verify holds raw events against the ledger, by publish hour and event type', async () => {
  const late = { message_id: 'rejected', errors, publish_time: minutes(70) }
  await runsOf(orderBooks(), [
    [
      rawEvent({}),
      rawEvent({ ingest_time: minutes(5) }),
      rawEvent({ ...late, ingest_time: minutes(75) }),
      // So much later that the ledger has counted what came before for the last time.
      rawEvent({ ...late, message_id: 'newest', ingest_time: minutes(200) }),
    ],
  ])

  const answer = await verified()
  expect(ledgerProblems(answer, noLines)).toEqual([])
  expect(ledgerText(answer)).toBe(`The ledger, of what arrived before ${hourOf(120)}:00:00Z:
       raw events  messages  typed  rejected  duplicates
order           3         2      1         1           1
all             3         2      1         1           1`)
})

test.each([
  [
    'a row of raw_events is gone',
    () => query(`delete raw.raw_events where ingest_time = '${minutes(5)}'`),
    () =>
      `the ledger, order published in ${hourOf(0)}: it counts 2 raw events, but raw_events has 1 (the files: 0 lines in 0 files)`,
  ],
  [
    'a raw event became visible after the overlap',
    () => runsOf([], [[rawEvent({ message_id: 'late', publish_time: minutes(70) })]]),
    () =>
      `the ledger, order published in ${hourOf(70)}: it counts 0 raw events, but raw_events has 1 (the files: 0 lines in 0 files)`,
  ],
  [
    'a typed row stands twice',
    async () => {
      await query('insert into events.orders select * from events.orders')
      await query("delete events.read_positions where table_name = 'ledger'")
      await runsOf(only('events.ledger'), [[]])
    },
    () =>
      `the ledger, order published in ${hourOf(0)}: 1 raw event booked twice, such as that of message message-1`,
  ],
])('npm run verify names the hour in which %s', async (_what, tamper, expected) => {
  await runsOf(orderBooks(), [
    [
      rawEvent({}),
      rawEvent({ ingest_time: minutes(5) }),
      rawEvent({ message_id: 'newest', errors, ingest_time: minutes(200) }),
    ],
  ])
  await tamper()

  const sentences = ledgerProblems(await verified(), noLines).map(({ sentence }) => sentence)
  expect(sentences).toEqual([expected()])
})

test('npm run verify looks only at the publish hours, event types and arrivals that are there', async () => {
  await runsOf(orderBooks(), [
    [
      rawEvent({}),
      rawEvent({ message_id: 'later', publish_time: minutes(70), ingest_time: minutes(71) }),
      rawEvent({ message_id: 'newest', ingest_time: minutes(200) }),
    ],
  ])
  expect(await comparedHours({})).toEqual([hourOf(0), hourOf(70)])
  expect(await comparedHours({ from: hourOf(60) })).toEqual([hourOf(70)])
  expect(await comparedHours({ to: hourOf(60) })).toEqual([hourOf(0)])
  expect(await comparedHours({ eventTypes: ['inventory'] })).toEqual([])
  expect(await comparedHours({ keptSince: Date.parse(minutes(30)) })).toEqual([hourOf(70)])
})

test('npm run verify says that the ledger has counted nothing before the first run', async () => {
  expect(ledgerText(await verified())).toContain('it has counted nothing yet')
})

async function comparedHours(question: Parameters<typeof verified>[0]) {
  return (await verified(question)).hours.map(({ hour }) => hour)
}

const noLines = () => ({ files: 0, lines: 0 })
const hourOf = (count: number) => minutes(count).slice(0, '2025-02-08T13'.length)

function verified(question: Partial<Parameters<typeof askLedger>[1]> = {}) {
  return askLedger(models().warehouse.bigquery, {
    tables: {
      raw: 'raw.raw_events',
      ledger: 'events.ledger',
      positions: 'events.read_positions',
    },
    eventTypes: ['order', 'inventory', 'user_activity', 'unknown'],
    keptSince: 0,
    overlapMinutes: 60,
    ...question,
  })
}

test('what an incremental run of the books reads does not grow with history', async () => {
  const news = Array.from({ length: 5 }, (_, index) => rawEvent({ message_id: `news-${index}` }))

  const bytes: number[][] = []
  for (const days of [2, 20]) {
    await clear()
    await runsOf(orderBooks(), [history(days), news])
    bytes.push(await Promise.all(['duplicate_events', 'ledger'].map(bytesRead)))
  }
  const [short = [], long = []] = bytes

  expect(Math.min(...short)).toBeGreaterThan(0)
  long.forEach((read, index) => expect(read).toBeLessThanOrEqual((short[index] ?? 0) * 1.1))
})

/** The bytes that BigQuery would read for the query of an incremental run, its variables known. */
async function bytesRead(table: string): Promise<number> {
  const script =
    models()
      .increments.flat()
      .find(({ name }) => name === `events.${table}`)?.script ?? ''
  const [, declarations = '', select = ''] =
    /^([\s\S]*?)merge[^\n]*\n\s*using \(\n([\s\S]*?)\n\) DATAFORM_SOURCE/.exec(script) ?? []
  const [job] = await models().warehouse.bigquery.createQueryJob({
    query: `${declarations}${select}`,
    location,
  })
  await job.getQueryResults()
  const [{ statistics }] = await job.getMetadata()
  return Number(statistics.totalBytesProcessed)
}
