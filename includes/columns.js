/** Columns that more than one table carries, and the columns that a contract brings. */
const shared = {
  event_id: 'Identity of the event: a hash of its type, its identity fields and its date. Unique.',
  message_id: 'Pub/Sub id of the message that brought the event.',
  publish_time: 'When Pub/Sub accepted the message, UTC.',
  ingest_time: 'When BigQuery received the raw event, UTC.',
  processed_timestamp: 'When the pipeline had the event in BigQuery, UTC; the same as ingest_time.',
  source:
    'How it landed: pubsub, backfill, or revalidated where it had broken its contract before.',
  event_date: "UTC date of the event's own time. Partition key.",
  content:
    'What the contract names of the event, as canonical JSON: equal where two payloads mean the ' +
    'same. Null where it is rejected.',
  rejection_code:
    'Null: the event enters its table. untypable, event_time_too_old or event_time_in_future: ' +
    'it is rejected, though it keeps its contract.',
}

/** The fields of a contract as Dataform describes columns; the sentences are the contract's. */
function ofSchema({ properties }) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, ofField(field)]),
  )
}

function ofField(field) {
  const record = field.items ?? field
  if (!record.properties) return field.description
  return { description: field.description, columns: ofSchema(record) }
}

/** The columns of a typed table, in their order. */
function typed({ schema }) {
  const { event_id, processed_timestamp, event_date } = shared
  const { message_id, publish_time, ingest_time, source } = shared
  return {
    event_id,
    ...ofSchema(schema),
    processed_timestamp,
    event_date,
    message_id,
    publish_time,
    ingest_time,
    source,
  }
}

/** The columns of a staging view, in their order. */
function staged({ schema }) {
  const { event_id, event_date, message_id, publish_time, ingest_time, source, rejection_code } =
    shared
  return {
    event_id,
    ...ofSchema(schema),
    event_date,
    message_id,
    publish_time,
    ingest_time,
    source,
    rejection_code,
  }
}

/** The sentence for one field of a contract: `items.price`. */
function of({ schema }, path) {
  const names = path.split('.')
  return names.reduce((field, name) => (field.items ?? field).properties[name], schema).description
}

module.exports = { shared, typed, staged, of }
