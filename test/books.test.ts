import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { empty, land, openModels, runAll, type Models } from './law/models.ts'
import type { RawEvent } from './raw-events.ts'

const hour = 3_600_000
/** An hour of yesterday: runs count it, and it is over. */
const start = Math.floor(Date.now() / hour) * hour - 24 * hour

// Seconds on a quiet machine.
vi.setConfig({ testTimeout: 120_000 })

let models: Models
beforeAll(async () => void (models = await openModels()), 120_000)
afterAll(() => models.warehouse.stop())
beforeEach(clear)

async function clear(): Promise<void> {
  const tables = models.increments.flat().map(({ name }) => name)
  await empty(models.warehouse, ['raw.raw_events', 'events.read_positions', ...tables])
}

const iso = (time: number) => new Date(time).toISOString()
const minutes = (count: number) => iso(start + count * 60_000)
const daysBefore = (days: number) => iso(start - days * 24 * hour)

/** An order of customer-1 in Oslo that landed as message-1, but for the changes. */
function rawEvent({ payload, ...row }: Partial<Omit<RawEvent, 'payload'>> & { payload?: object }) {
  return {
    row: {
      message_id: 'message-1',
      publish_time: minutes(0),
      ingest_time: minutes(1),
      event_type: 'order',
      payload: JSON.stringify({ ...order, ...payload }),
      errors: [],
      source: 'pubsub',
      object_name: 'output/1.json',
      ...row,
    },
  }
}

const order = {
  order_id: 'order-1',
  customer_id: 'customer-1',
  order_date: minutes(0),
  status: 'pending',
  items: [{ product_id: 'product-1', product_name: 'Mug', quantity: 2, price: 9.95 }],
  shipping_address: { street: 'Kirkegata 1', city: 'Oslo', country: 'NO' },
  total_amount: 19.9,
}
const inventory = {
  inventory_id: 'inventory-1',
  product_id: 'product-1',
  warehouse_id: 'warehouse-1',
  quantity_change: 1,
  reason: 'sale',
  timestamp: minutes(0),
}
const activity = {
  user_id: 'user-1',
  activity_type: 'login',
  ip_address: '192.0.2.7',
  user_agent: 'curl/8',
  timestamp: minutes(0),
  metadata: { session_id: 'session-1', platform: 'web' },
}
const address = order.shipping_address
const errors = [{ code: 'missing_field', path: '/items/3/price', message: 'is missing' }]

function ofEachType(message_id: string, ingest_time = minutes(1), time = minutes(0)) {
  const row = { message_id, ingest_time }
  return [
    rawEvent({ ...row, payload: { order_date: time } }),
    rawEvent({
      ...row,
      event_type: 'inventory',
      payload: { ...inventory, inventory_id: `inventory at ${time}` },
    }),
    rawEvent({ ...row, event_type: 'user_activity', payload: { ...activity, timestamp: time } }),
  ]
}

/** An order a day, up to the day before yesterday. */
function history(days: number) {
  return Array.from({ length: days }, (_, index) => {
    const time = iso(start - (index + 2) * 24 * hour)
    return rawEvent({
      message_id: `history-${index}`,
      publish_time: time,
      ingest_time: time,
      payload: { order_date: time },
    })
  })
}

/** What lands before each run of all models. */
async function runs(...arrivals: { row: RawEvent }[][]): Promise<void> {
  await runsOf(models.increments, arrivals)
}

async function runsOf(groups: Models['increments'], arrivals: { row: RawEvent }[][]) {
  for (const events of arrivals) {
    await land(models.warehouse, events)
    await runAll(models.warehouse, groups)
  }
}

/** Of all models only those that a test looks at. */
function only(...names: string[]): Models['increments'] {
  return models.increments.map((group) => group.filter(({ name }) => names.includes(name)))
}

const query = (sql: string) => models.warehouse.query(sql)

const typed = () => only('events.orders', 'events.inventory', 'events.user_activity')
const duplicates = () => only('events.orders', 'events.rejected_events', 'events.duplicate_events')

test('of raw events that arrived together the smallest message id is kept, in whichever run it comes', async () => {
  await runsOf(typed(), [
    [...ofEachType('message-2'), ...ofEachType('message-4')],
    ofEachType('message-1'),
    ofEachType('message-3'),
  ])

  expect(await query('select table_name, message_id from events.kept_events order by 1')).toEqual([
    { table_name: 'inventory', message_id: 'message-1' },
    { table_name: 'orders', message_id: 'message-1' },
    { table_name: 'user_activity', message_id: 'message-1' },
  ])
})

test('what an earlier run kept stays, though the next run no longer reads its raw event', async () => {
  await runsOf(typed(), [
    ofEachType('first'),
    ofEachType('other', minutes(300), minutes(10)),
    ofEachType('later', minutes(310)),
  ])

  expect(
    await query(`select table_name, string_agg(message_id order by message_id) as messages
      from events.kept_events group by table_name order by table_name`),
  ).toEqual([
    { table_name: 'inventory', messages: 'first,other' },
    { table_name: 'orders', messages: 'first,other' },
    { table_name: 'user_activity', messages: 'first,other' },
  ])
})

test('an order has a row for each status that it reached, even at the same time', async () => {
  await runsOf(only('events.orders'), [
    [rawEvent({}), rawEvent({ message_id: 'message-2', payload: { status: 'processing' } })],
  ])

  expect(await query('select status from events.orders order by status')).toEqual([
    { status: 'pending' },
    { status: 'processing' },
  ])
})

test('a duplicate says why it was suppressed, by what its content means and not by its text', async () => {
  const later = (message_id: string, payload: object, source = 'pubsub') =>
    rawEvent({ message_id, payload, source, ingest_time: minutes(2) })
  const [item] = order.items
  const { total_amount, ...rest } = order
  const spelled = later('spelled otherwise', {})
  spelled.row.payload = JSON.stringify({ total_amount, ...rest })
    .replace(':9.95', ':9.950')
    .replace(':19.9,', ': 1.99e1,')

  await runsOf(duplicates(), [
    [rawEvent({}), rawEvent({}), rawEvent({ ingest_time: minutes(30) })],
    [
      spelled,
      later('same', {}),
      later('another offset', { order_date: `${minutes(60).slice(0, -1)}+01:00` }),
      later('a field of no contract', { trace: 7 }),
      later('another city', { shipping_address: { ...address, city: 'Bergen' } }),
      later('another quantity', { items: [{ ...item, quantity: 3 }] }),
      later('the items twice', { items: [item, item] }),
      later('from history', {}, 'backfill'),
      later('other history', { total_amount: 20 }, 'backfill'),
    ],
  ])

  const rows = await query(
    'select message_id, kept_message_id, reason, suppressed from events.duplicate_events order by reason, message_id',
  )
  expect(rows.map((row) => Object.values(row).join(', '))).toEqual([
    'from history, message-1, backfill, 1',
    'another city, message-1, conflict, 1',
    'another quantity, message-1, conflict, 1',
    'other history, message-1, conflict, 1',
    'the items twice, message-1, conflict, 1',
    'message-1, message-1, redelivered, 1',
    'message-1, message-1, redelivered, 1',
    'a field of no contract, message-1, repeated, 1',
    'another offset, message-1, repeated, 1',
    'same, message-1, repeated, 1',
    'spelled otherwise, message-1, repeated, 1',
  ])
  expect(await query('select * from events_assertions.events_do_not_conflict')).toHaveLength(4)
})

test('where a backfill meets a live event the reason is the same, whichever was there first', async () => {
  const pair = (name: string, ...[first, second]: [string, string]) => [
    rawEvent({ message_id: `${name}-1`, source: first, payload: { order_id: name } }),
    rawEvent({
      message_id: `${name}-2`,
      source: second,
      payload: { order_id: name },
      ingest_time: minutes(2),
    }),
  ]
  const conflict = { order_id: 'live first', total_amount: 1 }

  await runsOf(duplicates(), [
    [
      ...pair('live first', 'pubsub', 'backfill'),
      ...pair('backfill first', 'backfill', 'pubsub'),
      ...pair('backfill twice', 'backfill', 'backfill'),
      ...pair('revalidated after backfill', 'backfill', 'revalidated'),
      ...pair('live twice', 'pubsub', 'pubsub'),
      ...pair('revalidated after a retry', 'pubsub', 'revalidated'),
      rawEvent({ message_id: 'other', source: 'backfill', payload: conflict }),
      rawEvent({ message_id: 'rejected', source: 'backfill', errors }),
      rawEvent({ message_id: 'rejected', errors, ingest_time: minutes(2) }),
    ],
  ])

  const rows = await query(
    'select message_id, reason from events.duplicate_events order by reason, message_id',
  )
  expect(rows.map((row) => Object.values(row).join(', '))).toEqual([
    'backfill first-2, backfill',
    'backfill twice-2, backfill',
    'live first-2, backfill',
    'rejected, backfill',
    'revalidated after backfill-2, backfill',
    'other, conflict',
    'live twice-2, repeated',
    'revalidated after a retry-2, repeated',
  ])
})

test('of one message that landed twice at the same moment the same raw event is kept, in whichever run it comes', async () => {
  const live = ofEachType('message-1')
  const backfilled = live.map(({ row }) => ({ row: { ...row, source: 'backfill' } }))
  const orders = [[live, backfilled], [backfilled, live], [[...live, ...backfilled]]]

  for (const arrivals of orders) {
    await clear()
    await runsOf(typed(), arrivals)

    expect(await query('select table_name, source from events.kept_events order by 1')).toEqual([
      { table_name: 'inventory', source: 'backfill' },
      { table_name: 'orders', source: 'backfill' },
      { table_name: 'user_activity', source: 'backfill' },
    ])
  }
})

test('what was a duplicate of one event is explained anew when an earlier one comes in', async () => {
  const tenDaysAgo = { order_date: iso(start - 240 * hour) }
  const bergen = { ...tenDaysAgo, shipping_address: { ...address, city: 'Bergen' } }

  await runsOf(duplicates(), [
    [
      rawEvent({ message_id: 'second', ingest_time: minutes(20), payload: tenDaysAgo }),
      rawEvent({ message_id: 'third', ingest_time: minutes(30), payload: bergen }),
    ],
    [rawEvent({ message_id: 'first', ingest_time: minutes(10), payload: bergen })],
  ])

  expect(await query('select message_id from events.orders')).toEqual([{ message_id: 'first' }])
  expect(
    await query('select message_id, reason from events.duplicate_events order by message_id'),
  ).toEqual([
    { message_id: 'second', reason: 'conflict' },
    { message_id: 'third', reason: 'repeated' },
  ])
})

test('what comes in before its table has read it is no duplicate yet', async () => {
  await runsOf(duplicates(), [[rawEvent({ message_id: 'second', ingest_time: minutes(20) })]])
  await runsOf(only('events.duplicate_events'), [[rawEvent({ ingest_time: minutes(10) })]])
  await runsOf(duplicates(), [[]])

  expect(await query('select message_id from events.duplicate_events')).toEqual([
    { message_id: 'second' },
  ])
})

test('a message that claims another event type at the same moment is a duplicate, and not kept', async () => {
  const beyond = { payload: { order_date: daysBefore(200) }, source: 'revalidated' }
  await runsOf(duplicates(), [
    [
      rawEvent({ ...beyond, event_type: 'unknown', source: 'pubsub', errors }),
      rawEvent({ ...beyond, object_name: 'output/2.json' }),
      rawEvent({ ...beyond, object_name: 'output/3.json' }),
    ],
  ])

  expect(await query('select event_type from events.rejected_events')).toEqual([
    { event_type: 'unknown' },
  ])
  expect(await query('select event_type, suppressed from events.duplicate_events')).toEqual([
    { event_type: 'order', suppressed: 2 },
  ])
})

test('a rejection is closed by the first raw event of its message that enters its table', async () => {
  const revalidated = (message_id: string, after: number) =>
    rawEvent({
      message_id,
      payload: { order_id: message_id },
      source: 'revalidated',
      ingest_time: minutes(after),
    })

  await runsOf(only('events.rejected_events'), [
    [
      ...['open', 'mended', 'delivered', 'at once'].map((message_id) =>
        rawEvent({ message_id, errors }),
      ),
      rawEvent({ message_id: 'open', ingest_time: minutes(0) }),
    ],
    [
      revalidated('mended', 300),
      { row: { ...revalidated('delivered', 310).row, source: 'pubsub' } },
      revalidated('at once', 1),
    ],
    [revalidated('mended', 290), revalidated('delivered', 320)],
  ])

  const rows = await query(`select message_id, closed_by,
      timestamp_diff(closed_time, timestamp '${minutes(0)}', minute) as after
    from events.rejected_events order by message_id`)
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['at once', 'revalidated', 1],
    ['delivered', 'pubsub', 310],
    ['mended', 'revalidated', 290],
    ['open', null, null],
  ])
})

test('the reasons of rejections are counted by code and path, with an open one as example', async () => {
  await runsOf(only('events.rejected_events'), [
    [
      rawEvent({ message_id: 'a', errors }),
      rawEvent({
        message_id: 'b',
        errors: [...errors, ...errors.map((error) => ({ ...error, path: '/items/4/price' }))],
        publish_time: minutes(-1),
      }),
      rawEvent({ message_id: 'c', event_type: 'unknown' }),
    ],
    [rawEvent({ message_id: 'a', ingest_time: minutes(5), source: 'revalidated' })],
  ])

  const rows = await query(`select code, path, event_type, events, open_events, example_message_id,
      example_message, timestamp_diff(last_publish_time, first_publish_time, minute) as apart
    from events.rejection_reasons order by code`)
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['missing_field', '/items/*/price', 'order', 2, 1, 'b', 'is missing', 1],
    ['unknown_event_type', '/event_type', 'unknown', 1, 1, 'c', 'expected a known event type', 0],
  ])
})

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

  await runsOf(
    [...duplicates(), ...only('events.ledger')],
    [
      [rawEvent({ ...message, errors })],
      // The next run reads from here on, so that nothing leads it to the day of the rejection.
      [rawEvent({ publish_time: of, payload: { order_date: of }, ingest_time: minutes(200) })],
      [rawEvent({ ...message, source: 'revalidated', ingest_time: minutes(400) })],
    ],
  )

  expect(
    await query(
      'select sum(raw_events) as raw_events, sum(messages) as messages from events.ledger',
    ),
  ).toEqual([{ raw_events: 3, messages: 2 }])
})

test('the ledger does not balance when a raw event is neither kept nor a duplicate, or kept twice', async () => {
  await land(models.warehouse, [
    rawEvent({}),
    rawEvent({ message_id: 'message-2', event_type: 'inventory', payload: inventory }),
  ])
  const [, booking = []] = models.increments

  await runAll(models.warehouse, withoutOrders())
  await query('insert into events.inventory select * from events.inventory')
  await runAll(models.warehouse, models.increments.slice(1))

  expect(booking.length).toBeGreaterThan(0)
  expect(await imbalances()).toEqual([
    ['inventory', 1, 2, 0, 1, 'message-2'],
    ['order', 1, 0, 1, 0, 'message-1'],
  ])
})

test('what is lost is noticed though something else of its hour and type is kept twice', async () => {
  await runs([rawEvent({})])
  await land(models.warehouse, [
    rawEvent({ message_id: 'lost', payload: { order_id: 'order-2' }, ingest_time: minutes(5) }),
  ])
  await query('insert into events.orders select * from events.orders')
  await runAll(models.warehouse, withoutOrders())

  expect(await imbalances()).toEqual([['order', 2, 2, 1, 1, 'lost,message-1']])
})

test('what came in less than the overlap ago may wait for the next run', async () => {
  const assertion = 'select unbalanced_messages from events_assertions.the_ledger_balances'

  await runs([rawEvent({})])
  await land(models.warehouse, [fromMinutesAgo(50)])
  await runAll(models.warehouse, withoutOrders())
  expect(await query(assertion)).toEqual([])

  await land(models.warehouse, [fromMinutesAgo(70)])
  await runAll(models.warehouse, withoutOrders())
  const found = (await query(assertion)).flatMap((row) => row['unbalanced_messages'])
  expect(found).toContain('message-70')

  await runs([])
  expect(await query(assertion)).toEqual([])
  expect(await query('select sum(unaccounted) as lost from events.ledger')).toEqual([{ lost: 0 }])
})

const withoutOrders = () =>
  models.increments.map((group) => group.filter(({ name }) => name !== 'events.orders'))

function fromMinutesAgo(count: number) {
  const time = iso(Date.now() - count * 60_000)
  const message_id = `message-${count}`
  return rawEvent({
    message_id,
    publish_time: time,
    ingest_time: time,
    payload: { order_id: message_id },
  })
}

async function imbalances(): Promise<unknown[][]> {
  const rows = await query(
    `select event_type, raw_events, typed, unaccounted, booked_twice,
      array_to_string(unbalanced_messages, ',') as messages
    from events_assertions.the_ledger_balances order by event_type`,
  )
  return rows.map((row) => Object.values(row))
}

test('a ledger that is made anew says what has expired since', async () => {
  const longAgo = start - 60 * 24 * hour
  const arrival = { publish_time: iso(longAgo), ingest_time: iso(longAgo) }
  await runs([
    rawEvent({ ...arrival, payload: { order_date: iso(longAgo - 40 * 24 * hour) } }),
    rawEvent({ ...arrival, message_id: 'message-2', payload: { order_date: iso(longAgo) } }),
  ])

  expect(
    await query('select raw_events, messages, typed, expired, unaccounted from events.ledger'),
  ).toEqual([{ raw_events: 2, messages: 1, typed: 1, expired: 1, unaccounted: 0 }])
})

test('what an incremental run of the books reads does not grow with history', async () => {
  const news = Array.from({ length: 5 }, (_, index) => rawEvent({ message_id: `news-${index}` }))

  const bytes: number[][] = []
  for (const days of [2, 20]) {
    await clear()
    await runsOf([...duplicates(), ...only('events.ledger')], [history(days), news])
    bytes.push(await Promise.all(['duplicate_events', 'ledger'].map(bytesRead)))
  }
  const [short = [], long = []] = bytes

  expect(Math.min(...short)).toBeGreaterThan(0)
  long.forEach((read, index) => expect(read).toBeLessThanOrEqual((short[index] ?? 0) * 1.1))
})

/** The bytes that BigQuery would read for the query of an incremental run, its variables known. */
async function bytesRead(table: string): Promise<number> {
  const script =
    models.increments.flat().find(({ name }) => name === `events.${table}`)?.script ?? ''
  const [, declarations = '', select = ''] =
    /^([\s\S]*?)merge[^\n]*\n\s*using \(\n([\s\S]*?)\n\) DATAFORM_SOURCE/.exec(script) ?? []
  const [job] = await models.warehouse.bigquery.createQueryJob({
    query: `${declarations}${select}`,
    location: 'US',
  })
  await job.getQueryResults()
  const [{ statistics }] = await job.getMetadata()
  return Number(statistics.totalBytesProcessed)
}
