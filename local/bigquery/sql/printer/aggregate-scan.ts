import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printAggregate } from '../functions/aggregate-call.ts'
import { printExpression } from './expressions.ts'
import { usesAny } from './outer-columns.ts'
import { printFrom } from './scans.ts'
import { columnName, fresh, type Scope } from './scope.ts'

/** GROUP BY with its aggregates: one row for each group, and one of no rows where there are no keys. */
export function printAggregateScan(node: ResolvedNode, scope: Scope): string {
  if (node.has('collationList')) throw notSupported('collation')
  const ofOuter = node
    .nodes('aggregateList')
    .flatMap((item) => argumentsOf(item.node('expr')))
    .filter((argument) => usesAny(argument, scope.correlated))
  const { input, computed } = printInput(node.node('inputScan'), ofOuter, scope)
  const keys = node.nodes('groupByList').map((key) => ({
    id: key.column().id,
    name: columnName(key.column()),
    value: printExpression(key.node('expr'), scope),
  }))
  if (node.nodes('groupByList').some((key) => key.column().type.kind === 'INTERVAL')) {
    throw notSupported('GROUP BY and DISTINCT of INTERVAL')
  }
  const keyOf = new Map(keys.map(({ id, value }) => [id, value]))
  const results: string[] = []
  const aggregates = node.nodes('aggregateList').map((item) => {
    const name = columnName(item.column())
    const printed = printAggregate(item.node('expr'), { ...scope, computed })
    if (typeof printed === 'string') return `${printed} AS ${name}`
    results.push(`${printed.result(name)} AS ${name}`)
    return `${printed.rows} AS ${name}`
  })
  const groupings = node.nodes('groupingCallList').map((call) => {
    const key = keyOf.get(columnId(call.node('groupByColumn')))
    return `CAST(GROUPING(${key}) AS BIGINT) AS ${columnName(call.column('outputColumn'))}`
  })
  const items = [
    ...keys.map(({ name, value }) => `${value} AS ${name}`),
    ...aggregates,
    ...groupings,
  ]
  // Without keys and aggregates that are read there is still one row.
  if (items.length === 0) return 'SELECT 1 AS _one'
  const groups = groupingSets(node, keyOf) ?? keys.map((_, index) => index + 1).join(', ')
  const select = `SELECT ${items.join(', ')} FROM ${input}${groups && ` GROUP BY ${groups}`}`
  if (results.length === 0) return select
  return `SELECT * REPLACE (${results.join(', ')}) FROM (${select}) ${fresh(scope)}`
}

/**
 * DuckDB gives an aggregate to the outer query where all columns in it come from there, as GoogleSQL
 * never does: such arguments are computed before, as columns of the input.
 */
function argumentsOf(aggregate: ResolvedNode): ResolvedNode[] {
  const having = aggregate.optionalNode('havingModifier')
  return [...aggregate.nodes('argumentList'), ...(having ? [having.node('havingExpr')] : [])]
}

/** The input with further columns, and which those are. */
function printInput(
  scan: ResolvedNode,
  expressions: ResolvedNode[],
  scope: Scope,
): { input: string; computed: ReadonlyMap<unknown, string> } {
  const input = printFrom(scan, scope)
  const computed = new Map(scope.computed)
  if (expressions.length === 0) return { input, computed }
  const items = expressions.map((expression) => {
    const name = fresh(scope, '_g')
    const value = printExpression(expression, scope)
    computed.set(expression.source, name)
    return `${value} AS ${name}`
  })
  return { input: `(SELECT *, ${items.join(', ')} FROM ${input}) ${fresh(scope)}`, computed }
}

function groupingSets(node: ResolvedNode, keyOf: Map<string, string>): string | undefined {
  const keyList = (columns: ResolvedNode[]): string =>
    `(${columns.map((column) => keyOf.get(columnId(column))).join(', ')})`

  const rollup = node.nodes('rollupColumnList')
  const sets = node.nodes('groupingSetList')
  if (rollup.length > 0) {
    // The sets say the same again.
    for (const set of sets) set.ignore('groupByColumnList')
    return `ROLLUP ${keyList(rollup)}`
  }
  if (sets.length === 0) return undefined
  const lists = sets.map((set) => {
    if (
      set.kind !== 'GroupingSet' &&
      !set.has('groupByColumnList') &&
      set.has('rollupColumnList')
    ) {
      throw notSupported(set.kind)
    }
    return keyList(set.nodes('groupByColumnList'))
  })
  return `GROUPING SETS (${lists.join(', ')})`
}

function columnId(reference: ResolvedNode): string {
  reference.ignore('type', 'typeAnnotationMap')
  return reference.column().id
}
