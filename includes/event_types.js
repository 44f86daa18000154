const contracts = require('./contracts.js')

/** The event types that have a contract, as SQL: `('order', 'inventory', …)`. */
const list = `(${Object.keys(contracts)
  .map((eventType) => `'${eventType}'`)
  .join(', ')})`

module.exports = { list }
