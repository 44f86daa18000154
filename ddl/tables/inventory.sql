-- Written by definitions/marts/inventory.sqlx, which finds the table made and merges into it.
create table if not exists events.inventory (
  event_id string not null options (
    description = 'Identity of the event: a hash of its type, its identity fields and its date. Unique.'
  ),
  event_type string not null options (description = 'Always inventory.'),
  inventory_id string not null options (
    description = 'The change itself: a producer uses it once.'
  ),
  product_id string not null options (description = 'Product whose stock changed.'),
  warehouse_id string not null options (description = 'Warehouse where it changed.'),
  quantity_change int64 not null options (
    description = 'Pieces added, or taken away where negative: -100 to 100.'
  ),
  reason string not null options (
    description = 'Why the stock changed: restock, sale, return or damage.'
  ),
  timestamp timestamp not null options (description = 'When the stock changed.'),
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
cluster by product_id, warehouse_id
options (
  description = "One row per change of a product's stock in a warehouse.",
  labels = [('layer', 'mart'), ('event_type', 'inventory')]
);
