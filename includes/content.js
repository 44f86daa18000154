/**
 * What the contract names of an event, as one text: equal for two payloads whose rows would be
 * equal, however they spell a number, a time or the order of their keys. What a payload holds
 * beyond its contract reaches no table and does not count.
 */
function of({ schema }) {
  return `to_json_string(struct(${Object.keys(schema.properties).join(', ')}))`
}

module.exports = { of }
