const { object, oneOf, text, timestamp, uuid } = require('./fields.js')

const metadata = object(
  {
    session_id: uuid('Session in which the user acted.'),
    platform: oneOf(['web', 'mobile', 'tablet'], 'Platform of the session: web, mobile or tablet.'),
  },
  'Session of the activity.',
)

/** A user did something in the shop. */
module.exports = {
  eventType: 'user_activity',
  table: 'user_activity',
  identity: ['user_id', 'activity_type', 'timestamp', 'metadata.session_id'],
  eventTime: 'timestamp',
  schema: object(
    {
      event_type: { const: 'user_activity', description: 'Always user_activity.' },
      user_id: uuid('User who acted.'),
      activity_type: oneOf(
        ['login', 'logout', 'view_product', 'add_to_cart', 'remove_from_cart'],
        'What the user did: login, logout, view_product, add_to_cart or remove_from_cart.',
      ),
      ip_address: text('IP address that the user came from. Personal data.'),
      user_agent: text('Browser or app of the user. Personal data.'),
      timestamp: timestamp('When the user acted.'),
      metadata,
    },
    'A user did something in the shop.',
  ),
}
