const { integer, object, oneOf, timestamp, uuid } = require('./fields.js')

/** The stock of a product in a warehouse changed. */
module.exports = {
  eventType: 'inventory',
  table: 'inventory',
  identity: ['inventory_id'],
  eventTime: 'timestamp',
  schema: object(
    {
      event_type: { const: 'inventory', description: 'Always inventory.' },
      inventory_id: uuid('The change itself: a producer uses it once.'),
      product_id: uuid('Product whose stock changed.'),
      warehouse_id: uuid('Warehouse where it changed.'),
      quantity_change: integer('Pieces added, or taken away where negative: -100 to 100.', {
        minimum: -100,
        maximum: 100,
      }),
      reason: oneOf(
        ['restock', 'sale', 'return', 'damage'],
        'Why the stock changed: restock, sale, return or damage.',
      ),
      timestamp: timestamp('When the stock changed.'),
    },
    'The stock of a product in a warehouse changed.',
  ),
}
