/** A raw event as a test lands it, and when readers begin to see it. */
export type RawEvent = {
  message_id: string
  publish_time: string
  ingest_time: string
  event_type: string
  payload: string
  errors: { code: string; path: string; message: string }[]
  source: string
  object_name: string
}

/** A raw event with what a run of the pipeline has to make of it. */
export type ExpectedRawEvent = {
  row: RawEvent
  /** Milliseconds since the epoch. */
  visibleAt: number
  table: 'orders' | 'inventory' | 'user_activity' | 'rejected_events'
  /** What makes two raw events one. */
  identity: string
  /** What it is by a later contract, if that accepts it. */
  mended?: ExpectedRawEvent
}

type Random = () => number

/** Numbers from 0 to 1 that a seed repeats. */
export function seededRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

const minute = 60_000
const day = 24 * 60 * minute

/**
 * Raw events of few identities, so that many are delivered again, again under another message id,
 * with another payload, late, early, broken, of no known type, or accepted later. Readers see them up
 * to 50 minutes after their ingest_time, which is less than the overlap of the runs.
 */
export function awkwardRawEvents(random: Random, start: number, count: number): ExpectedRawEvent[] {
  const events: ExpectedRawEvent[] = []
  for (let index = 0; index < count; index++) {
    const earlier = random() < 0.4 ? events[Math.floor(random() * events.length)] : undefined
    const event = earlier ? again(random, earlier, index) : newEvent(random, start, index)
    // Whole minutes, and often the same one: several raw events share an ingest_time.
    const wait = random() < 0.25 ? 0 : Math.floor((random() - 0.5) * 80) * minute
    const arrival = earlier
      ? Date.parse(earlier.row.ingest_time) + wait
      : start + Math.floor(random() * 6 * 60) * minute
    // A file says one thing of a message: what landed again later is in another.
    const object_name = `output/${event.row.source}-${index % 7}.json`
    events.push({
      ...event,
      row: { ...event.row, ingest_time: iso(arrival), object_name },
      visibleAt: arrival + Math.floor(random() * 50) * minute,
    })
  }
  return events
}

/** The same message, as it was or by a later contract, or the same event in another message. */
function again(random: Random, event: ExpectedRawEvent, index: number): ExpectedRawEvent {
  const { mended } = event
  if (mended && random() < 0.5) {
    // Delivered once more, or landed again from its file.
    return index % 3 === 0 ? { ...mended, row: { ...mended.row, source: 'pubsub' } } : mended
  }
  if (event.table === 'rejected_events' || random() < 0.5) return event
  const source = random() < 0.3 ? 'backfill' : event.row.source
  return { ...event, row: { ...event.row, message_id: `message-${index}`, source } }
}

/** The same message, by an earlier contract that had another event type or another field. */
function broken(mended: ExpectedRawEvent, event_type: string, code: string): ExpectedRawEvent {
  const errors = [{ code, path: '/status', message: 'not this one' }]
  const { row } = mended
  return {
    row: { ...row, event_type, errors },
    visibleAt: 0,
    table: 'rejected_events',
    identity: row.message_id,
    mended: { ...mended, row: { ...row, source: 'revalidated' } },
  }
}

function newEvent(random: Random, start: number, index: number): ExpectedRawEvent {
  const pick = <T>(...values: [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0]
  const id = (kind: string) => `${kind}-${pick(1, 2)}`
  const eventTime = start + pick(-200, -3, -3, -1, 0, 0, 0.5, 4) * day
  const message = {
    message_id: `message-${index}`,
    publish_time: iso(start - pick(0, 1) * day),
    ingest_time: iso(start),
    errors: [],
    source: 'pubsub',
    object_name: '',
  }
  const expected = (
    event_type: string,
    payload: object,
    table: ExpectedRawEvent['table'],
    identity: string,
  ): ExpectedRawEvent => {
    // The rule of the staging views, said again.
    const isPlaced = eventTime > start - 80 * day && eventTime < start + day
    return {
      row: { ...message, event_type, payload: JSON.stringify(payload) },
      visibleAt: 0,
      table: isPlaced ? table : ('rejected_events' as const),
      identity: isPlaced ? identity : message.message_id,
    }
  }

  function order() {
    const status = { order_id: id('order'), status: pick('shipped', 'pending') }
    const items = [{ product_id: id('product'), product_name: 'Mug', quantity: 1, price: 9.95 }]
    const shipping_address = { street: 'Kirkegata 1', city: pick('Oslo', 'Bergen'), country: 'NO' }
    return expected(
      'order',
      {
        ...status,
        customer_id: id('customer'),
        order_date: withOffset(eventTime, pick(0, 1, -3)),
        items,
        shipping_address,
        total_amount: pick(9.95, 19.9),
      },
      'orders',
      [status.order_id, status.status, eventTime].join(),
    )
  }

  function inventory() {
    const inventory_id = id('inventory')
    return expected(
      'inventory',
      {
        inventory_id,
        product_id: id('product'),
        warehouse_id: 'warehouse-1',
        quantity_change: pick(-3, 100),
        reason: pick('sale', 'restock'),
        timestamp: withOffset(eventTime, pick(0, 2)),
      },
      'inventory',
      [inventory_id, iso(eventTime).slice(0, 10)].join(),
    )
  }

  function userActivity() {
    const activity = { user_id: id('user'), activity_type: 'login' }
    const metadata = { session_id: id('session'), platform: pick('web', 'mobile') }
    return expected(
      'user_activity',
      {
        ...activity,
        ip_address: '192.0.2.7',
        user_agent: pick('Mozilla/5.0', 'curl/8'),
        timestamp: withOffset(eventTime, 0),
        metadata,
      },
      'user_activity',
      [activity.user_id, activity.activity_type, eventTime, metadata.session_id].join(),
    )
  }

  return pick(
    order,
    order,
    inventory,
    inventory,
    userActivity,
    () => broken(order(), 'order', 'not_allowed'),
    () => broken(inventory(), 'unknown', 'unknown_event_type'),
  )()
}

const iso = (time: number) => new Date(time).toISOString()

function withOffset(time: number, hours: number): string {
  const local = iso(time + hours * 60 * minute).slice(0, -1)
  const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`
  return hours === 0 ? `${local}Z` : local + offset
}
