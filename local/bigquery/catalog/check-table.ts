import { BigQueryError } from '../bigquery-error.ts'
import { requireWholeNumbers, wholeNumberText } from '../whole-number.ts'
import { checkLabels } from './check-labels.ts'
import type { NewObject } from './catalog-draft.ts'
import type { Field, FieldType, Table } from './resources.ts'

const partitionTypes: FieldType[] = ['DATE', 'TIMESTAMP', 'DATETIME']
const clusterTypes: FieldType[] = [
  'DATE',
  'BOOLEAN',
  'GEOGRAPHY',
  'INTEGER',
  'NUMERIC',
  'BIGNUMERIC',
  'STRING',
  'TIMESTAMP',
  'DATETIME',
  'RANGE',
]

const units = ['HOUR', 'DAY', 'MONTH', 'YEAR']

/** Refuses labels, partitioning and clustering that BigQuery refuses. */
export function checkTable(table: NewObject<Table>): void {
  checkLabels(table.labels)
  checkNames(table.schema.fields)
  requireWholeNumbers(table.timePartitioning ?? {}, ['expirationMs'])
  checkPartitioning(table)
  checkClustering(table)
}

const reserved = ['_PARTITION', '_TABLE_', '_FILE_', '_ROW_TIMESTAMP', '__ROOT__', '_COLIDENTIFIER']

function checkNames(fields: Field[]): void {
  for (const { name, fields: inner = [] } of fields) {
    if (name.length > 300 || /[!"$()*,./;?@[\\\]^`{}~]/.test(name)) {
      throw invalid(
        `Invalid field name "${name}". Fields must contain the allowed characters, and be at most ` +
          '300 characters long.',
      )
    }
    if (reserved.some((prefix) => name.toUpperCase().startsWith(prefix))) {
      throw invalid(
        `Invalid field name "${name}". Field names are not allowed to start with the ` +
          `(case-insensitive) prefixes ${reserved.join(', ')}.`,
      )
    }
    checkNames(inner)
  }
}

function checkPartitioning({
  schema,
  timePartitioning,
  rangePartitioning,
  requirePartitionFilter,
}: NewObject<Table>): void {
  if (timePartitioning && rangePartitioning) {
    throw invalid('Cannot specify both time partitioning and range partitioning.')
  }
  if (requirePartitionFilter && !timePartitioning && !rangePartitioning) {
    throw invalid('require_partition_filter can only be set for partitioned tables')
  }
  if (timePartitioning && !units.includes(timePartitioning.type)) {
    throw invalid(`Invalid time partitioning type: ${String(timePartitioning.type)}`)
  }
  if (timePartitioning?.field !== undefined) {
    const { type } = partitionField(schema.fields, timePartitioning.field)
    if (!partitionTypes.includes(type)) {
      throw invalid(
        'The field specified for time partitioning can only be of type TIMESTAMP, DATE or DATETIME. ' +
          `The type found is: ${type}.`,
      )
    }
    if (type === 'DATE' && timePartitioning.type === 'HOUR') {
      throw invalid('The field specified for hourly partitioning cannot be of type DATE.')
    }
  }
  if (rangePartitioning) {
    checkRange(rangePartitioning)
    const { type } = partitionField(schema.fields, rangePartitioning.field)
    if (type !== 'INTEGER') {
      throw invalid(
        `The field specified for range partitioning must be of type INTEGER. The type found is: ${type}.`,
      )
    }
  }
}

function checkRange({ range }: NonNullable<Table['rangePartitioning']>): void {
  const given: Partial<typeof range> | undefined = range
  const bound = (name: keyof typeof range): bigint => BigInt(wholeNumberText(given?.[name], name))
  const [start, end, interval] = [bound('start'), bound('end'), bound('interval')]
  const partitions = interval > 0n ? (end - start + interval - 1n) / interval : 0n
  if (partitions >= 1n && partitions <= 10_000n) return
  throw invalid(
    `Range partitioning must make 1 to 10000 partitions: from ${start} to ${end} by ${interval} makes ${partitions}`,
  )
}

function partitionField(fields: Field[], name: string): Field {
  const field = find(fields, name)
  if (!field) throw invalid('The field specified for partitioning cannot be found in the schema.')
  if (field.mode !== 'REPEATED') return field
  throw invalid('The field specified for partitioning cannot be REPEATED.')
}

function checkClustering({ schema, clustering }: NewObject<Table>): void {
  const names = clustering?.fields ?? []
  if (names.length > 4) {
    throw invalid(`Number of clustering columns cannot exceed 4; found ${names.length}.`)
  }
  for (const [index, name] of names.entries()) {
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index) {
      throw invalid(`Duplicate clustering column ${name}.`)
    }
    const field = find(schema.fields, name)
    if (!field) {
      throw invalid(
        `The field specified for clustering cannot be found in the schema. Invalid field: ${name}.`,
      )
    }
    if (field.mode === 'REPEATED' || !clusterTypes.includes(field.type)) {
      throw invalid(
        `Clustering is not supported on field ${name}: its type is ` +
          `${field.mode === 'REPEATED' ? 'REPEATED ' : ''}${field.type}.`,
      )
    }
  }
}

/** Names of columns do not tell upper from lower case. */
function find(fields: Field[], name: string): Field | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalid', message)
}
