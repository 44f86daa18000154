/** What a contract promises of the columns of its table, as one SQL condition: never null, as it asks for nulls first. */
function holdFor({ schema }) {
  return `(${ofObject('', schema).join('\n    and ')})`
}

function ofObject(prefix, { properties, required }) {
  return Object.entries(properties).flatMap(([name, field]) => {
    const column = prefix + name
    if (required.includes(name)) return ofField(column, field)
    return `(${column} is null or ${ofField(column, field).join(' and ')})`
  })
}

function ofField(column, field) {
  if (field.type === 'object') return ofObject(`${column}.`, field)
  if (field.type === 'array') return [ofList(column, field)]
  return [`${column} is not null`, ...ofValues(column, field)]
}

function ofList(column, { items }) {
  const kept = ofObject('item.', items).join(' and ')
  return `not exists (select 1 from unnest(${column}) as item where not (${kept}))`
}

function ofValues(column, { const: only, enum: values, minimum, maximum }) {
  if (only !== undefined) return [`${column} = '${only}'`]
  if (values !== undefined) return [`${column} in (${values.map((one) => `'${one}'`).join(', ')})`]
  if (minimum !== undefined) return [`${column} between ${minimum} and ${maximum}`]
  return []
}

module.exports = { holdFor }
