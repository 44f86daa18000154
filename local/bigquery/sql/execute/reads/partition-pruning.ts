import type { Table } from '../../../catalog/resources.ts'
import { identifier } from '../../../database/names.ts'
import { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { printExpression } from '../../printer/expressions.ts'
import type { PrintContext } from '../../printer/print.ts'
import { newScope } from '../../printer/scope.ts'
import { childrenOf, columnId, nodesIn, type PlanNode } from './plan-node.ts'
import type { FilteredRead } from './pushed-filters.ts'

/**
 * DuckDB's condition for the rows of the partitions that BigQuery reads: whole partitions, as far
 * as comparisons of the partition column with constants tell. Undefined: all of them.
 */
export function partitionsRead(
  reads: FilteredRead[],
  table: Table,
  context: PrintContext,
): string | undefined {
  const conditions = reads.map((read) => partitionsOfRead(read, table, context))
  // A table that is read twice is read once, in all partitions that either reading needs.
  if (conditions.length === 0 || conditions.includes(undefined)) return undefined
  return conditions.map((condition) => `(${condition})`).join(' OR ')
}

function partitionsOfRead(
  { filters }: FilteredRead,
  table: Table,
  context: PrintContext,
): string | undefined {
  const { timePartitioning } = table
  const field = table.schema.fields.find(
    ({ name }) => name.toLowerCase() === timePartitioning?.field?.toLowerCase(),
  )
  if (!timePartitioning || !field) return undefined
  const column = identifier(field.name)
  const unit = timePartitioning.type.toLowerCase()
  const limits = filters
    .filter(
      ({ columns }) =>
        columns.length === 1 && columns[0]?.toLowerCase() === field.name.toLowerCase(),
    )
    .flatMap(({ condition, ids }) => limitsOf(condition, ids, { column, unit, context }))
  return limits.length === 0 ? undefined : limits.join(' AND ')
}

type Partition = { column: string; unit: string; context: PrintContext }

function limitsOf(condition: PlanNode, ids: string[], partition: Partition): string[] {
  const compare = comparisons[functionName(condition)]
  const [left, right, ...more] = childrenOf(condition, 'argumentList')
  if (!compare || !left || !right) return []
  if (isColumn(left, ids)) {
    const bounds = [right, ...more].map((bound) => constant(bound, partition))
    return bounds.includes(undefined) ? [] : compare(partition, bounds as string[])
  }
  const mirrored = comparisons[mirror[functionName(condition)] ?? '']
  const bound = isColumn(right, ids) ? constant(left, partition) : undefined
  return mirrored && bound !== undefined ? mirrored(partition, [bound]) : []
}

function functionName({ fields }: PlanNode): string {
  const { name = '' } = (fields['function'] ?? {}) as { name?: string }
  return name.replace(/^ZetaSQL:\$?/, '')
}

/** The column itself, or its date. */
function isColumn(node: PlanNode, ids: string[]): boolean {
  if (node.kind === 'ColumnRef') return ids.includes(columnId(node.fields['column']))
  const [inner, zone] = childrenOf(node, 'argumentList')
  return functionName(node) === 'date' && inner !== undefined && !zone && isColumn(inner, ids)
}

function constant(node: PlanNode, { context }: Partition): string | undefined {
  for (const { kind } of [node, ...nodesIn(Object.values(node.fields))]) {
    if (kind === 'ColumnRef' || kind === 'SubqueryExpr') return undefined
  }
  return printExpression(new ResolvedNode(node.message), newScope(context))
}

type Comparison = (partition: Partition, bounds: string[]) => string[]

const atLeast = ({ column, unit }: Partition, bound = ''): string =>
  `${column} >= date_trunc('${unit}', ${bound})`
const atMost = ({ column, unit }: Partition, bound = ''): string =>
  `${column} < date_trunc('${unit}', ${bound}) + INTERVAL 1 ${unit}`

const comparisons: Record<string, Comparison | undefined> = {
  greater: (partition, [bound]) => [atLeast(partition, bound)],
  greater_or_equal: (partition, [bound]) => [atLeast(partition, bound)],
  less: (partition, [bound]) => [atMost(partition, bound)],
  less_or_equal: (partition, [bound]) => [atMost(partition, bound)],
  equal: (partition, [bound]) => [atLeast(partition, bound), atMost(partition, bound)],
  between: (partition, [low, high]) => [atLeast(partition, low), atMost(partition, high)],
  in: (partition, bounds) => [
    `(${bounds.map((bound) => `(${atLeast(partition, bound)} AND ${atMost(partition, bound)})`).join(' OR ')})`,
  ],
  in_array: ({ column, unit }, [list]) => [
    `list_contains([date_trunc('${unit}', bound) FOR bound IN ${list}], date_trunc('${unit}', ${column}))`,
  ],
}

const mirror: Record<string, string | undefined> = {
  greater: 'less',
  greater_or_equal: 'less_or_equal',
  less: 'greater',
  less_or_equal: 'greater_or_equal',
  equal: 'equal',
}
