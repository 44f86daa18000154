-- Written by ingest/, read through definitions/sources/raw_events.sqlx only.
create table if not exists raw.raw_events (
  message_id string not null options (
    description = 'Pub/Sub id of the message; a redelivery repeats it.'
  ),
  publish_time timestamp not null options (description = 'When Pub/Sub accepted the message, UTC.'),
  ingest_time timestamp default current_timestamp() not null options (
    description = 'When BigQuery received the row, UTC: one clock for all ingesters and for late loads.'
  ),
  event_type string not null options (
    description = 'order, inventory or user_activity; unknown where the message claims none of them.'
  ),
  payload json options (
    description = 'The event as it was published; null where the JSON type cannot hold it.'
  ),
  raw_payload bytes options (
    description = 'The bytes as they were published; only where payload is null.'
  ),
  errors array<
    struct<
      code string options (description = 'Kind of the error.'),
      path string options (
        description = 'JSON pointer to the field at fault; empty: the event as a whole.'
      ),
      message string options (description = 'What was wrong and what was expected.')
    >
  > options (description = 'Why the event breaks its contract; empty: it keeps it.'),
  attributes json options (description = 'Attributes of the message.'),
  source string not null options (
    description = 'How it landed: pubsub, backfill, or revalidated where it had broken its contract before.'
  ),
  object_name string options (description = 'File in Cloud Storage that holds the same line.')
)
partition by timestamp_trunc(ingest_time, hour)
cluster by event_type, message_id
options (
  description = 'Every message as it was published, at least once.',
  require_partition_filter = true
);
