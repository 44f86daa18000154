-- Written by definitions/marts/user_activity.sqlx, which finds the table made and merges into it.
create table if not exists events.user_activity (
  event_id string not null options (
    description = 'Identity of the event: a hash of its type, its identity fields and its date. Unique.'
  ),
  event_type string not null options (description = 'Always user_activity.'),
  user_id string not null options (description = 'User who acted.'),
  activity_type string not null options (
    description = 'What the user did: login, logout, view_product, add_to_cart or remove_from_cart.'
  ),
  ip_address string not null options (
    description = 'IP address that the user came from. Personal data.'
  ),
  user_agent string not null options (description = 'Browser or app of the user. Personal data.'),
  timestamp timestamp not null options (description = 'When the user acted.'),
  metadata struct<
    session_id string not null options (description = 'Session in which the user acted.'),
    platform string not null options (
      description = 'Platform of the session: web, mobile or tablet.'
    )
  > not null options (description = 'Session of the activity.'),
  processed_timestamp timestamp not null options (
    description = 'When the pipeline had the event in BigQuery, UTC; the same as ingest_time.'
  ),
  event_date date not null options (
    description = "UTC date of the event's own time. Partition key."
  ),
  message_id string not null options (
    description = 'Pub/Sub id of the message that brought the event.'
  ),
  publish_time timestamp not null options (description = 'When Pub/Sub accepted the message, UTC.'),
  ingest_time timestamp not null options (
    description = 'When BigQuery received the raw event, UTC.'
  ),
  source string not null options (
    description = 'How it landed: pubsub, backfill, or revalidated where it had broken its contract before.'
  )
)
partition by event_date
cluster by user_id, activity_type
options (
  description = 'One row per thing that a user did in the shop.',
  labels = [('layer', 'mart'), ('event_type', 'user_activity')]
);
