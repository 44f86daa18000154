import { BigQueryError } from '../../../bigquery-error.ts'
import type { Table } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { printPart } from '../../functions/date-part.ts'
import { evaluateConstant } from '../evaluate.ts'
import { numberOption, type Options } from './options.ts'
import type { Work } from '../work.ts'

type Partitioning = Pick<Table, 'timePartitioning' | 'rangePartitioning'>
type Unit = NonNullable<Table['timePartitioning']>['type']

const dayMs = 86_400_000

/** What PARTITION BY says, with the expiry of partitions from the options. */
export async function partitioningOf(
  work: Work,
  statement: ResolvedNode,
  options: Options,
): Promise<Partitioning> {
  const [expression, second] = statement.nodes('partitionByList')
  const days = numberOption(options, 'partition_expiration_days')
  if (second) throw invalid('PARTITION BY takes exactly one expression')
  if (!expression) {
    if (days === undefined) return {}
    throw invalid('partition_expiration_days can only be set for partitioned tables')
  }
  const partitioning = await partitioningBy(work, expression)
  if (!partitioning.timePartitioning || days === undefined) return partitioning
  const expirationMs = String(Math.round(days * dayMs))
  return { timePartitioning: { ...partitioning.timePartitioning, expirationMs } }
}

async function partitioningBy(work: Work, expression: ResolvedNode): Promise<Partitioning> {
  if (expression.kind === 'ColumnRef') {
    const { type } = expression.column()
    const name = columnNameOf(expression)
    // A time must be cut to a unit.
    if (type.kind !== 'DATE') throw unsupportedExpression()
    return { timePartitioning: { type: 'DAY', ...fieldNamed(name) } }
  }
  if (expression.kind !== 'FunctionCall') throw unsupportedExpression()
  const { name } = expression.message('function') as { name: string }
  expression.ignore('type', 'errorMode')
  const [column, unit, third] = expression.nodes('argumentList')
  switch (name.replace(/^ZetaSQL:/, '')) {
    case 'date':
      return { timePartitioning: { type: 'DAY', ...columnNamed(column) } }
    case 'date_trunc':
    case 'timestamp_trunc':
    case 'datetime_trunc':
      return { timePartitioning: { type: unitOf(unit), ...columnNamed(column) } }
    case 'range_bucket':
      return { rangePartitioning: await rangeOf(work, column, third ?? unit) }
    default:
      throw unsupportedExpression()
  }
}

function columnNamed(column: ResolvedNode | undefined): { field?: string } {
  if (column?.kind !== 'ColumnRef') throw unsupportedExpression()
  return fieldNamed(columnNameOf(column))
}

/** Partitioning by a pseudo-column is partitioning by the time of ingestion, and names no column. */
function fieldNamed(name: string): { field?: string } {
  return /^_PARTITION(TIME|DATE)$/i.test(name) ? {} : { field: name }
}

function unitOf(node: ResolvedNode | undefined): Unit {
  const unit = printPart(node)
  if (unit === 'HOUR' || unit === 'DAY' || unit === 'MONTH' || unit === 'YEAR') return unit
  throw invalid('PARTITION BY expression must truncate to HOUR, DAY, MONTH or YEAR')
}

async function rangeOf(
  work: Work,
  column: ResolvedNode | undefined,
  bounds: ResolvedNode | undefined,
): Promise<NonNullable<Table['rangePartitioning']>> {
  const { field } = columnNamed(column)
  if (!bounds || field === undefined) throw unsupportedExpression()
  const { name } = (bounds.message('function') ?? {}) as { name?: string }
  if (name !== 'ZetaSQL:generate_array') throw unsupportedExpression()
  bounds.ignore('type', 'errorMode')
  const [start, end, interval = 1n] = await Promise.all(
    bounds.nodes('argumentList').map((bound) => evaluateConstant(work, bound)),
  )
  if (typeof start !== 'bigint' || typeof end !== 'bigint' || typeof interval !== 'bigint') {
    throw unsupportedExpression()
  }
  return { field, range: { start: String(start), end: String(end), interval: String(interval) } }
}

export function clusteringOf(statement: ResolvedNode): Pick<Table, 'clustering'> {
  const columns = statement.nodes('clusterByList').map((expression) => {
    if (expression.kind === 'ColumnRef') return columnNameOf(expression)
    throw invalid('CLUSTER BY takes columns only')
  })
  return columns.length === 0 ? {} : { clustering: { fields: columns } }
}

function columnNameOf(reference: ResolvedNode): string {
  reference.ignore('type', 'typeAnnotationMap')
  return reference.column().name
}

function unsupportedExpression(): BigQueryError {
  return invalid(
    'PARTITION BY expression must be DATE(<timestamp_column>), DATE(<datetime_column>), ' +
      'DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column, ' +
      'TIMESTAMP_TRUNC(<timestamp_column>, DAY/HOUR/MONTH/YEAR), ' +
      'DATE_TRUNC(<date_column>, MONTH/YEAR), or ' +
      'RANGE_BUCKET(<int64_column>, GENERATE_ARRAY(<int64_value>, <int64_value>[, <int64_value>]))',
  )
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
