import { tableKey } from '../../../catalog/catalog-view.ts'
import type { TableRead } from '../../printer/print.ts'
import {
  childOf,
  childrenOf,
  columnId,
  columnsOf,
  nodesIn,
  planNode,
  textOf,
  type PlanNode,
} from './plan-node.ts'
import type { Relations } from '../relations.ts'
import { tableOfScan } from './scanned-table.ts'

/** Where columns come from, as far as that has been followed. */
type Flow = {
  /** The columns that a column is made of: they are read if it is. */
  sources: Map<string, string[]>
  /** Columns that are read whatever becomes of them: they are answered, or decide about rows. */
  needed: Set<string>
  stored: { id: string; key: string; name: string }[]
  views: number
}

/** Where a node stands: its relations and WITH queries, and what tells its columns from those of views. */
type Place = {
  flow: Flow
  relations: Relations
  withQueries: ReadonlyMap<string, PlanNode>
  scope: string
}

/**
 * Leaves of each reading the columns that the statement needs: BigQuery does not read what a view,
 * a WITH query or a subquery selects and nobody asks for.
 */
export function onlyNeeded(
  reads: TableRead[],
  statement: PlanNode,
  relations: Relations,
): TableRead[] {
  const flow: Flow = { sources: new Map(), needed: new Set(), stored: [], views: 0 }
  const place: Place = { flow, relations, withQueries: new Map(), scope: '' }
  walk(statement.fields, place)
  for (const name of ['query', 'fromScan', 'tableScan']) {
    const scan = childOf(statement, name)
    if (scan) needAll(scan, place)
  }
  // A set hands out what is added to it while it is gone through.
  for (const id of flow.needed) {
    for (const source of flow.sources.get(id) ?? []) flow.needed.add(source)
  }
  const names = new Map<string, Set<string>>()
  for (const { id, key, name } of flow.stored) {
    if (flow.needed.has(id)) names.set(key, (names.get(key) ?? new Set()).add(name))
  }
  return reads.map((read) => {
    const needed = names.get(tableKey(read.table))
    return { ...read, columns: read.columns.filter((name) => needed?.has(name.toLowerCase())) }
  })
}

/** Follows whatever stands here; a column that an expression names is needed. */
function walk(value: unknown, place: Place): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const item of value) walk(item, place)
    return
  }
  if ('node' in value || 'parent' in value) visit(planNode(value), place)
  else for (const child of Object.values(value)) walk(child, place)
}

function visit(node: PlanNode, place: Place): void {
  const visitScan = scans[node.kind]
  if (visitScan) return visitScan(node, place)
  if (node.fields['column']) need(place, columnId(node.fields['column']))
  walk(node.fields, place)
  const subquery = node.kind === 'SubqueryExpr' ? childOf(node, 'subquery') : undefined
  if (subquery) needAll(subquery, place)
  if (!node.kind.endsWith('Scan') || plainScans.has(node.kind)) return
  // What another kind of scan makes of its input is not known here.
  for (const inner of nodesIn(Object.values(node.fields))) needAll(inner, place)
}

/** They hand their input on, and name in expressions what else they need. */
const plainScans = new Set([
  'FilterScan',
  'JoinScan',
  'OrderByScan',
  'LimitOffsetScan',
  'ArrayScan',
  'SingleRowScan',
])

const scans: Record<string, ((scan: PlanNode, place: Place) => void) | undefined> = {
  TableScan: visitTable,
  ProjectScan: (scan, place) => computing(scan, 'exprList', place),
  AggregateScan: (scan, place) => computing(scan, 'aggregateList', place),

  AnalyticScan(scan, place) {
    walk(scan.fields['inputScan'], place)
    for (const group of childrenOf(scan, 'functionGroupList')) {
      computing(group, 'analyticFunctionList', place)
    }
  },

  SetOperationScan(scan, place) {
    const outputs = columnsOf(scan)
    const keepsAll = (textOf(scan, 'opType') || 'UNION_ALL') === 'UNION_ALL'
    for (const item of childrenOf(scan, 'inputItemList')) {
      walk(item.fields['scan'], place)
      madeOf(outputs, columnsOf(item, 'outputColumnList'), place)
    }
    if (!keepsAll) needAll(scan, place)
  },

  WithScan(scan, place) {
    const withQueries = new Map(place.withQueries)
    const inside = { ...place, withQueries }
    for (const entry of childrenOf(scan, 'withEntryList')) {
      const query = childOf(entry, 'withSubquery')
      if (query) withQueries.set(textOf(entry, 'withQueryName'), query)
      walk(entry.fields['withSubquery'], inside)
    }
    walk(scan.fields['query'], inside)
  },

  WithRefScan(scan, place) {
    const query = place.withQueries.get(textOf(scan, 'withQueryName'))
    if (query) madeOf(columnsOf(scan), columnsOf(query), place)
  },
}

/** A column that is computed needs something only if it is asked for itself. */
function computing(scan: PlanNode, list: string, place: Place): void {
  for (const [name, value] of Object.entries(scan.fields)) if (name !== list) walk(value, place)
  for (const { fields } of childrenOf(scan, list)) {
    const inside = [...nodesIn(fields['expr'])]
    // Queries in expressions are run: what they need is not followed further.
    if (inside.some(({ kind }) => kind === 'SubqueryExpr')) walk(fields['expr'], place)
    else {
      const named = inside.flatMap((node) => node.fields['column'] ?? [])
      const sources = named.map((column) => ({ id: columnId(column) }))
      for (const source of sources) madeOf([{ id: columnId(fields['column']) }], [source], place)
    }
  }
}

function madeOf(
  outputs: { id: string }[],
  inputs: { id: string }[],
  { flow, scope }: Place,
  innerScope = scope,
): void {
  outputs.forEach(({ id }, index) => {
    const input = inputs[index]
    if (!input) return
    const sources = flow.sources.get(scope + id) ?? []
    flow.sources.set(scope + id, [...sources, innerScope + input.id])
  })
}

function visitTable(scan: PlanNode, place: Place): void {
  const { flow, relations, scope } = place
  const key = tableKey(tableOfScan(scan))
  const columns = columnsOf(scan)
  const relation = relations.get(key)
  if (!relation?.view) {
    for (const { id, name } of columns) {
      flow.stored.push({ id: scope + id, key, name: name.toLowerCase() })
    }
    return
  }
  const { query, relations: inner } = relation.view
  const statement = planNode(query.source)
  const outputs = childrenOf(statement, 'outputColumnList').map(({ fields }) => ({
    id: columnId(fields['column']),
  }))
  const names = relation.table.schema.fields.map(({ name }) => name.toLowerCase())
  const innerScope = `${++flow.views}.`
  const inputs = columns.map(({ name }) => outputs[names.indexOf(name.toLowerCase())] ?? { id: '' })
  madeOf(columns, inputs, place, innerScope)
  walk(statement.fields['query'], {
    flow,
    relations: inner,
    withQueries: new Map(),
    scope: innerScope,
  })
}

function need({ flow, scope }: Place, id: string): void {
  flow.needed.add(scope + id)
}

function needAll(scan: PlanNode, place: Place): void {
  for (const { id } of columnsOf(scan)) need(place, id)
}
