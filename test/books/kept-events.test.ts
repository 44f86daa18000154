import { expect, test } from 'vitest'
import { land } from '../law/models.ts'
import { openBooks } from './books.ts'
import {
  activity,
  address,
  daysBefore,
  errors,
  inventory,
  minutes,
  ofEachType,
  order,
  rawEvent,
} from './events.ts'

const { models, query, runsOf, only, clear } = openBooks()

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
  const tenDaysAgo = { order_date: daysBefore(10) }
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

test('copies that arrive at the same moment are a duplicate, though nothing else is', async () => {
  await runsOf(duplicates(), [[rawEvent({}), rawEvent({})]])

  expect(await query('select message_id, reason, suppressed from events.duplicate_events')).toEqual(
    [{ message_id: 'message-1', reason: 'redelivered', suppressed: 1 }],
  )
})

test('a message that lands again hours later is a duplicate, though nothing else of its day is new', async () => {
  const elsewhere = { order_id: 'order-2', order_date: daysBefore(3) }
  await runsOf(duplicates(), [
    [rawEvent({})],
    [rawEvent({ message_id: 'message-2', ingest_time: minutes(200), payload: elsewhere })],
    [rawEvent({ ingest_time: minutes(210) })],
  ])

  expect(await query('select message_id, reason, suppressed from events.duplicate_events')).toEqual(
    [{ message_id: 'message-1', reason: 'redelivered', suppressed: 1 }],
  )
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
      rawEvent({
        ...beyond,
        event_type: 'inventory',
        payload: { ...inventory, timestamp: daysBefore(200) },
        object_name: 'output/4.json',
      }),
    ],
    [],
  ])

  expect(await query('select event_type from events.rejected_events')).toEqual([
    { event_type: 'unknown' },
  ])
  expect(
    await query('select event_type, suppressed from events.duplicate_events order by event_type'),
  ).toEqual([
    { event_type: 'inventory', suppressed: 1 },
    { event_type: 'order', suppressed: 2 },
  ])
})

test('a rejection is closed by the first raw event of its message that enters its table', async () => {
  await runsOf(only('events.rejected_events'), [
    [
      ...['open', 'mended', 'delivered', 'at once', 'both'].map((message_id) =>
        rawEvent({ message_id, errors }),
      ),
      rawEvent({ message_id: 'open', ingest_time: minutes(0) }),
    ],
    [
      revalidated('mended', 300),
      { row: { ...revalidated('delivered', 310).row, source: 'pubsub' } },
      revalidated('at once', 1),
      revalidated('both', 300),
    ],
    [
      revalidated('mended', 290),
      revalidated('delivered', 320),
      { row: { ...revalidated('both', 300).row, source: 'pubsub' } },
    ],
  ])

  const rows = await query(`select message_id, closed_by,
      timestamp_diff(closed_time, timestamp '${minutes(0)}', minute) as after
    from events.rejected_events order by message_id`)
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['at once', 'revalidated', 1],
    ['both', 'pubsub', 300],
    ['delivered', 'pubsub', 310],
    ['mended', 'revalidated', 290],
    ['open', null, null],
  ])
})

/** The event without each of its values in turn, by the path of what it lacks. */
function lacking(event: object): [string, object][] {
  return Object.entries(event).flatMap(([key, value]): [string, object][] => {
    if (typeof value !== 'object') return [[key, { ...event, [key]: undefined }]]
    const isList = Array.isArray(value)
    const within = lacking(isList ? value[0] : value)
    return within.map(([path, rest]) => [
      `${key}.${path}`,
      { ...event, [key]: isList ? [rest] : rest },
    ])
  })
}

test('an event that lacks a value which its table must have is untypable, whichever it is', async () => {
  const events = Object.entries({ order, inventory, user_activity: activity })
  const lacks = events.flatMap(([event_type, event]) =>
    lacking(event).map(([path, payload]) =>
      rawEvent({ event_type, message_id: `${event_type} ${path}`, payload }),
    ),
  )

  await land(models().warehouse, lacks)

  const found = await query(`select message_id, rejection_code from staging.stg_arrivals
    where ingest_time > timestamp '2000-01-01' order by message_id`)
  const names = lacks.map(({ row }) => row.message_id).toSorted()
  expect(found).toEqual(names.map((message_id) => ({ message_id, rejection_code: 'untypable' })))
})

/** An event of each type with this time. */
function at(message_id: string, time: string) {
  return [
    rawEvent({ message_id, payload: { order_date: time } }),
    rawEvent({ message_id, event_type: 'inventory', payload: { ...inventory, timestamp: time } }),
    rawEvent({
      message_id,
      event_type: 'user_activity',
      payload: { ...activity, timestamp: time },
    }),
  ]
}

test('an event far ahead of its arrival, or long before it, is rejected, whichever type it has', async () => {
  await land(models().warehouse, [
    ...at('a day ahead', minutes(1 + 1_440)),
    ...at('further ahead', minutes(2 + 1_440)),
    ...at('88 days old', daysBefore(88)),
    ...at('89 days old', daysBefore(89)),
  ])

  expect(
    await query(`select message_id, rejection_code, count(*) as events
      from staging.stg_arrivals
      where ingest_time > timestamp '2000-01-01'
      group by message_id, rejection_code
      order by message_id`),
  ).toEqual([
    { message_id: '88 days old', rejection_code: null, events: 3 },
    { message_id: '89 days old', rejection_code: 'event_time_too_old', events: 3 },
    { message_id: 'a day ahead', rejection_code: null, events: 3 },
    { message_id: 'further ahead', rejection_code: 'event_time_in_future', events: 3 },
  ])
})

test('an event of a type that no contract knows any more is rejected, though the ingester found no fault', async () => {
  await runsOf(only('events.rejected_events'), [[rawEvent({ event_type: 'refund' })]])

  expect(
    await query(
      'select reason.code from events.rejected_events cross join unnest(reasons) as reason',
    ),
  ).toEqual([{ code: 'unknown_event_type' }])
  expect(
    await query(`select table_name, identity from staging.stg_arrivals
      where ingest_time > timestamp '2000-01-01'`),
  ).toEqual([{ table_name: 'rejected_events', identity: 'message-1' }])
})

test('what is too old when it lands again is rejected then, and not as it landed first', async () => {
  const payload = { order_date: daysBefore(90) }
  await runsOf(only('events.rejected_events'), [
    [rawEvent({ ingest_time: daysBefore(10), payload }), rawEvent({ payload })],
  ])

  expect(
    await query(`select format_timestamp('%FT%H:%M:%E3SZ', ingest_time) as ingest_time
      from events.rejected_events`),
  ).toEqual([{ ingest_time: minutes(1) }])
})

test('of rejections that arrived together the one of the first file is kept, in whichever run it comes', async () => {
  await runsOf(only('events.rejected_events'), [
    [rawEvent({ errors, object_name: 'output/2.json' })],
    [rawEvent({ errors, object_name: 'output/1.json' })],
  ])

  expect(await query('select object_name from events.rejected_events')).toEqual([
    { object_name: 'output/1.json' },
  ])
})

test('a run after the last raw event has expired changes nothing', async () => {
  const positions = 'select table_name, read_until from events.read_positions order by table_name'
  await runsOf(duplicates(), [[rawEvent({})]])
  const before = await query(positions)
  await query('truncate table raw.raw_events')

  await runsOf(duplicates(), [[]])

  expect(before).toHaveLength(2)
  expect(await query(positions)).toEqual(before)
})

test('an order is shown once, in the state that it reached last', async () => {
  const order_id = 'order-2'
  const reached = (status: string, order_date: string, message_id: string) =>
    rawEvent({ message_id, payload: { order_id, status, order_date } })
  await runsOf(only('events.orders'), [
    [
      rawEvent({}),
      reached('delivered', minutes(20), 'message-2'),
      reached('shipped', minutes(20), 'message-3'),
      reached('processing', minutes(10), 'message-4'),
    ],
  ])

  expect(
    await query('select order_id, status from events.orders_current order by order_id'),
  ).toEqual([
    { order_id: 'order-1', status: 'pending' },
    { order_id: 'order-2', status: 'delivered' },
  ])
})

test('each assertion shows what must not be, and nothing else', async () => {
  const assertions = [
    'every_identity_is_kept_once',
    'inventory_ids_are_used_once',
    'inventory_keeps_its_contract',
    'orders_keep_their_contract',
    'user_activity_keeps_its_contract',
  ]
  const counts = assertions.map(
    (name) => `select '${name}' as name, count(*) as found from events_assertions.${name}`,
  )
  const found = async () =>
    Object.fromEntries(
      (await query(counts.join(' union all '))).map((row) => [row['name'], row['found']]),
    )
  await runsOf(typed(), [ofEachType('message-1')])
  expect(Object.values(await found())).toEqual(assertions.map(() => 0))

  await query(`
    insert into events.orders
    select * replace ('lost' as status) from events.orders
    union all
    select * replace (numeric '20000000000000' as total_amount) from events.orders
    union all
    select * replace (
      [struct('product-1' as product_id, '' as product_name, 1 as quantity, numeric '20000000000000' as price)]
      as items
    ) from events.orders;
    insert into events.inventory select * replace (101 as quantity_change) from events.inventory;
    update events.user_activity
    set metadata = struct('session-1' as session_id, 'fridge' as platform)
    where true`)

  expect(await found()).toEqual({
    every_identity_is_kept_once: 2,
    inventory_ids_are_used_once: 1,
    inventory_keeps_its_contract: 1,
    orders_keep_their_contract: 3,
    user_activity_keeps_its_contract: 1,
  })
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

function later(message_id: string, payload: object, source = 'pubsub') {
  return rawEvent({ message_id, payload, source, ingest_time: minutes(2) })
}

/** An order that landed twice, first and then later by these ways. */
function pair(name: string, first: string, second: string) {
  const payload = { order_id: name }
  return [
    rawEvent({ message_id: `${name}-1`, source: first, payload }),
    later(`${name}-2`, payload, second),
  ]
}

function revalidated(message_id: string, after: number) {
  return rawEvent({
    message_id,
    payload: { order_id: message_id },
    source: 'revalidated',
    ingest_time: minutes(after),
  })
}
