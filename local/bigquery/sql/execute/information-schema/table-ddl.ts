import type { Field, Table, TableReference } from '../../../catalog/resources.ts'
import { typeText } from '../ddl/type-text.ts'
import { optionsOf } from './table-options.ts'

/** The statement that would make a table or view again; undefined where BigQuery's words are not known. */
export function tableDdl(table: Table): string | undefined {
  const ddl = statementOf(table)
  // How other characters are escaped is not known.
  return ddl !== undefined && /^[\x20-\x7e\n]*$/.test(ddl) ? ddl : undefined
}

function statementOf(table: Table): string | undefined {
  const { type, view } = table
  if (type === 'VIEW' && view) {
    if (table.schema.fields.some(({ description }) => description !== undefined)) return undefined
    const head = `CREATE VIEW ${pathOf(table.tableReference)}`
    return `${[head, ...optionLines(table)].join('\n')}\nAS ${view.query};`
  }
  if (type !== 'TABLE' || !hasPlainParts(table)) return undefined
  const columns = table.schema.fields.map((field) => `  ${columnText(field)}`).join(',\n')
  const partition = partitionText(table)
  if (partition === undefined) return undefined
  const cluster = table.clustering ? [`CLUSTER BY ${table.clustering.fields.join(', ')}`] : []
  const lines = [
    `CREATE TABLE ${pathOf(table.tableReference)}`,
    `(\n${columns}\n)`,
    ...(partition === '' ? [] : [`PARTITION BY ${partition}`]),
    ...cluster,
    ...optionLines(table),
  ]
  return `${lines.join('\n')};`
}

function pathOf({ projectId, datasetId, tableId }: TableReference): string {
  return `\`${projectId}.${datasetId}.${tableId}\``
}

function hasPlainParts({
  cloneDefinition,
  defaultCollation,
  tableConstraints,
  schema,
}: Table): boolean {
  return (
    cloneDefinition === undefined &&
    !defaultCollation &&
    tableConstraints === undefined &&
    schema.fields.length > 0 &&
    schema.fields.every(isPlainColumn) &&
    schema.fields.every(hasPlainName)
  )
}

const reserved = new Set(
  `all and any array as asc assert_rows_modified at between by case cast collate contains create cross
  cube current default define desc distinct else end enum escape except exclude exists extract false
  fetch following for from full group grouping groups hash having if ignore in inner intersect interval
  into is join lateral left like limit lookup merge natural new no not null nulls of on or order outer
  over partition preceding proto qualify range recursive respect right rollup rows select set some
  struct tablesample then to treat true unbounded union unnest using when where window with within`.split(
    /\s+/,
  ),
)

/** Neither it nor a field in it has to be quoted. */
function hasPlainName({ name, fields = [] }: Field): boolean {
  const isPlain = /^[a-z_]\w*$/i.test(name) && !reserved.has(name.toLowerCase())
  return isPlain && fields.every(hasPlainName)
}

function isPlainColumn({
  defaultValueExpression,
  mode,
  roundingMode,
  fields = [],
}: Field): boolean {
  // Which of both comes first is not known.
  if (defaultValueExpression !== undefined && mode === 'REQUIRED') return false
  return roundingMode === undefined && fields.every(isPlainMember)
}

/** Fields of structs are written by their types alone. */
function isPlainMember({ description, mode, roundingMode, fields = [] }: Field): boolean {
  if (description !== undefined || mode === 'REQUIRED' || roundingMode !== undefined) return false
  return fields.every(isPlainMember)
}

function columnText(field: Field): string {
  const { name, mode, description, defaultValueExpression } = field
  return [
    name,
    typeText(field),
    ...(defaultValueExpression === undefined ? [] : [`DEFAULT ${defaultValueExpression}`]),
    ...(mode === 'REQUIRED' ? ['NOT NULL'] : []),
    ...(description === undefined ? [] : [`OPTIONS(description=${JSON.stringify(description)})`]),
  ].join(' ')
}

/** Nothing where the table has no partitions. */
function partitionText({ timePartitioning, rangePartitioning, schema }: Table): string | undefined {
  if (rangePartitioning) {
    const { start, end, interval } = rangePartitioning.range
    return `RANGE_BUCKET(${rangePartitioning.field}, GENERATE_ARRAY(${start}, ${end}, ${interval}))`
  }
  if (!timePartitioning) return ''
  const { type, field, expirationMs } = timePartitioning
  if (expirationMs !== undefined) return undefined
  if (field === undefined) {
    return type === 'DAY' ? '_PARTITIONDATE' : `TIMESTAMP_TRUNC(_PARTITIONTIME, ${type})`
  }
  const column = schema.fields.find(({ name }) => name.toLowerCase() === field.toLowerCase())
  if (type === 'DAY' && column?.type === 'DATE') return field
  if (type === 'DAY' && column?.type === 'TIMESTAMP') return `DATE(${field})`
  if (type === 'DAY' || !column) return undefined
  return `${column.type}_TRUNC(${field}, ${type})`
}

function optionLines(table: Table): string[] {
  const options = optionsOf(table).map(([name, , value]) => {
    // In a statement labels are pairs without the word STRUCT.
    return `  ${name}=${name === 'labels' ? value.replaceAll(/STRUCT(?=\()/g, '') : value}`
  })
  return options.length === 0 ? [] : [`OPTIONS(\n${options.join(',\n')}\n)`]
}
