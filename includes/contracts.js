const inventory = require('./contracts/inventory.js')
const order = require('./contracts/order.js')
const user_activity = require('./contracts/user_activity.js')

/**
 * The contract of every event type, under the name by which an event says what it is. It is the one
 * source of the ingester's validators, the column descriptions, the assertions and the generator.
 */
module.exports = { order, inventory, user_activity }
