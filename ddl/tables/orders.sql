-- Written by definitions/marts/orders.sqlx, which finds the table made and merges into it.
create table if not exists events.orders (
  event_id string not null options (
    description = 'Identity of the event: a hash of its type, its identity fields and its date. Unique.'
  ),
  event_type string not null options (description = 'Always order.'),
  order_id string not null options (
    description = 'Order that the event is about; each of its statuses repeats it.'
  ),
  customer_id string not null options (description = 'Customer who ordered.'),
  order_date timestamp not null options (description = 'When the order reached the status.'),
  status string not null options (
    description = 'Status that the order reached: pending, processing, shipped or delivered.'
  ),
  items array<
    struct<
      product_id string not null options (description = 'Product that was ordered.'),
      product_name string not null options (
        description = 'Name of the product when it was ordered.'
      ),
      quantity int64 not null options (description = 'Pieces ordered.'),
      price numeric not null options (description = 'Price of one piece, in major currency units.')
    >
  > options (description = 'Products of the order, in the order in which they were sent.'),
  shipping_address struct<
    street string not null options (description = 'Street and house number.'),
    city string not null options (description = 'City.'),
    country string not null options (description = 'Country.')
  > not null options (description = 'Where the order is sent to.'),
  total_amount numeric not null options (
    description = 'Amount of the whole order, in major currency units.'
  ),
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
cluster by customer_id, status
options (
  description = 'One row per status that an order reached; orders_current has one row per order.',
  labels = [('layer', 'mart'), ('event_type', 'order')]
);
