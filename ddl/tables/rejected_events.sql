-- Written by definitions/marts/rejected_events.sqlx, which finds the table made and merges into it.
create table if not exists events.rejected_events (
  message_id string not null options (
    description = 'Pub/Sub id of the message that brought the event.'
  ),
  event_type string not null options (
    description = 'Event type that the message claims; unknown where it claims none that is known.'
  ),
  reasons array<
    struct<
      code string options (description = 'Kind of the reason.'),
      path string options (
        description = 'JSON pointer to the field at fault; empty: the event as a whole.'
      ),
      message string options (description = 'What was wrong and what was expected.')
    >
  > options (description = 'Why the event is rejected; at least one reason.'),
  payload json options (
    description = 'The event as it was published; null where the JSON type cannot hold it.'
  ),
  raw_payload bytes options (
    description = 'The bytes as they were published; only where payload is null.'
  ),
  attributes json options (description = 'Attributes of the message.'),
  source string not null options (description = 'pubsub or backfill.'),
  object_name string options (description = 'File in Cloud Storage that holds the same line.'),
  publish_time timestamp not null options (description = 'When Pub/Sub accepted the message, UTC.'),
  publish_date date not null options (
    description = 'UTC date of publish_time, which a message keeps. Partition key.'
  ),
  ingest_time timestamp not null options (
    description = 'When BigQuery received the raw event, UTC.'
  )
)
partition by publish_date
cluster by event_type
options (
  description = 'One row per message that landed but cannot enter its table, with every reason.',
  labels = [('layer', 'mart')]
);
