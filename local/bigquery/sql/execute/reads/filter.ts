import { childrenOf, columnId, nodesIn, planNode, type PlanNode } from './plan-node.ts'

/**
 * A condition that every row of a scan must meet. `columns` are the numbers of the columns that it
 * names, as they are called at that scan; `ids` as the condition itself calls them.
 */
export type Filter = { columns: string[]; ids: string[]; condition: PlanNode }

/** Conditions on computed columns that only rename another become conditions on that one. */
export function renamed(filters: Filter[], computed: PlanNode[]): Filter[] {
  const sources = new Map<string, string | undefined>()
  for (const { fields } of computed) {
    const expression = fields['expr'] === undefined ? undefined : planNode(fields['expr'])
    const source =
      expression?.kind === 'ColumnRef' ? columnId(expression.fields['column']) : undefined
    sources.set(columnId(fields['column']), source)
  }
  return translated(filters, (id) => (sources.has(id) ? sources.get(id) : id))
}

/** Conditions on the columns of one list as conditions on those of another, place by place. */
export function mapped(filters: Filter[], from: { id: string }[], to: { id: string }[]): Filter[] {
  const places = new Map(from.map(({ id }, index) => [id, to[index]?.id]))
  return translated(filters, (id) => places.get(id))
}

function translated(filters: Filter[], translate: (id: string) => string | undefined): Filter[] {
  return filters.flatMap((filter) => {
    const columns = filter.columns.map(translate)
    return columns.every((id) => id !== undefined) ? [{ ...filter, columns }] : []
  })
}

/** The parts of a condition that must all hold, but for those that compare with other rows or queries. */
export function conjuncts(condition: PlanNode): Filter[] {
  const name = (condition.fields['function'] as { name?: string } | undefined)?.name
  if (condition.kind === 'FunctionCall' && name === 'ZetaSQL:$and') {
    return childrenOf(condition, 'argumentList').flatMap(conjuncts)
  }
  const columns = new Set<string>()
  for (const node of [condition, ...nodesIn(Object.values(condition.fields))]) {
    if (node.kind === 'SubqueryExpr') return []
    if (node.kind === 'ColumnRef') columns.add(columnId(node.fields['column']))
  }
  const ids = [...columns]
  return ids.length === 0 ? [] : [{ columns: ids, ids, condition }]
}
