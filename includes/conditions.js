/** What a contract promises of the columns of its table, as one SQL condition that is never null. */
function holdFor({ schema }) {
  return `coalesce(${ofObject('', schema).join('\n    and ')}, false)`
}

function ofObject(prefix, { properties }) {
  return Object.entries(properties).flatMap(([name, field]) => ofField(prefix + name, field))
}

function ofField(column, field) {
  if (field.type === 'object') return ofObject(`${column}.`, field)
  if (field.type === 'array') return [ofList(column, field)]
  return [`${column} is not null`, ...ofValues(column, field)]
}

function ofList(column, { items }) {
  const broken = ofObject('item.', items).join(' and ')
  return `not exists (select 1 from unnest(${column}) as item where not coalesce(${broken}, false))`
}

function ofValues(column, { const: only, enum: values, minimum, maximum }) {
  if (only !== undefined) return [`${column} = '${only}'`]
  if (values !== undefined) return [`${column} in (${values.map((one) => `'${one}'`).join(', ')})`]
  if (minimum !== undefined) return [`${column} between ${minimum} and ${maximum}`]
  return []
}

module.exports = { holdFor }
