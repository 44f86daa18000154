const { integer, list, money, object, oneOf, text, timestamp, uuid } = require('./fields.js')

const item = object(
  {
    product_id: uuid('Product that was ordered.'),
    product_name: text('Name of the product when it was ordered.'),
    quantity: integer('Pieces ordered.'),
    price: money('Price of one piece, in major currency units.'),
  },
  'One product of the order.',
)

const address = object(
  {
    street: text('Street and house number.'),
    city: text('City.'),
    country: text('Country.'),
  },
  'Where the order is sent to.',
)

/** An order reached a status; an order sends one event for each status. */
module.exports = {
  eventType: 'order',
  table: 'orders',
  identity: ['order_id', 'status', 'order_date'],
  eventTime: 'order_date',
  schema: object(
    {
      event_type: { const: 'order', description: 'Always order.' },
      order_id: uuid('Order that the event is about; each of its statuses repeats it.'),
      customer_id: uuid('Customer who ordered.'),
      order_date: timestamp('When the order reached the status.'),
      status: oneOf(
        ['pending', 'processing', 'shipped', 'delivered'],
        'Status that the order reached: pending, processing, shipped or delivered.',
      ),
      items: list(item, 'Products of the order, in the order in which they were sent.'),
      shipping_address: address,
      total_amount: money('Amount of the whole order, in major currency units.'),
    },
    'An order reached a status.',
  ),
}
