/** An identifier that a producer made. */
function uuid(description) {
  return { type: 'string', format: 'uuid', description }
}

/** RFC 3339 with `Z` or an offset: a time without a zone is no time. */
function timestamp(description) {
  return { type: 'string', format: 'timestamp', description }
}

function text(description) {
  return { type: 'string', description }
}

function oneOf(values, description) {
  return { type: 'string', enum: values, description }
}

/** Bounded to what a JSON number holds exactly, which INT64 holds as well. */
function integer(description, { minimum = -(2 ** 53 - 1), maximum = 2 ** 53 - 1 } = {}) {
  return { type: 'integer', minimum, maximum, description }
}

/** Bounded to ten trillion: up to there a JSON number holds every cent. */
function money(description) {
  return { type: 'number', minimum: -1e13, maximum: 1e13, description }
}

/** An object that must have all these fields but the optional ones; it may have others, which are kept. */
function object(properties, description, { optional = [] } = {}) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', required, properties, description }
}

function list(items, description) {
  return { type: 'array', items, description }
}

module.exports = { uuid, timestamp, text, oneOf, integer, money, object, list }
