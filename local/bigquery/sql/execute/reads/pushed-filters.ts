import { tableKey } from '../../../catalog/catalog-view.ts'
import type { Table } from '../../../catalog/resources.ts'
import { tableOfScan } from './scanned-table.ts'
import {
  childOf,
  childrenOf,
  columnId,
  columnsOf,
  planNode,
  textOf,
  type PlanNode,
} from './plan-node.ts'
import { conjuncts, mapped, renamed, type Filter } from './filter.ts'
import type { Relations } from '../relations.ts'

/** A reading of a stored table, and the filters that apply to each row that is read. */
export type FilteredRead = {
  table: Table
  /** `ids` are the numbers that the condition has for the columns. */
  filters: { columns: string[]; ids: string[]; condition: PlanNode }[]
}

type Walk = {
  relations: Relations
  withQueries: ReadonlyMap<string, PlanNode>
  reads: FilteredRead[]
}

/**
 * Follows each condition down to the tables that it limits: through projections, joins, WITH
 * queries, groups and views, and no further than it stays true of each row.
 */
export function filteredReads(statement: PlanNode, relations: Relations): FilteredRead[] {
  const walk: Walk = { relations, withQueries: new Map(), reads: [] }
  const target = childOf(statement, 'tableScan', 'TableScan')
  const condition = childOf(statement, 'mergeExpr') ?? childOf(statement, 'whereExpr')
  const filters = condition ? conjuncts(condition) : []
  if (target && statement.kind !== 'InsertStmt') {
    visit(target, [...filters, ...clauseFilters(statement)], walk)
  }
  const query = childOf(statement, 'query')
  if (query) visit(query, [], walk)
  const from = childOf(statement, 'fromScan')
  // A MERGE looks at every row of its source, matched or not.
  if (from) visit(from, statement.kind === 'MergeStmt' ? [] : filters, walk)
  visitSubqueries([condition?.fields, outsideScans(statement)], walk)
  return walk.reads
}

/** What limits the target rows that a MERGE touches, if each of its clauses that touch any says so. */
function clauseFilters(statement: PlanNode): Filter[] {
  const clauses = childrenOf(statement, 'whenClauseList')
    .filter((clause) => textOf(clause, 'matchType') !== 'NOT_MATCHED_BY_TARGET')
    .map((clause) => {
      const condition = childOf(clause, 'matchExpr')
      return condition ? conjuncts(condition) : []
    })
  return clauses.every((filters) => filters.length > 0) ? clauses.flat() : []
}

/** The parts of a DML statement in which only expressions hold scans. */
function outsideScans({ fields }: PlanNode): unknown[] {
  return [
    fields['updateItemList'],
    fields['whenClauseList'],
    fields['rowList'],
    fields['expression'],
  ]
}

function visit(scan: PlanNode, filters: Filter[], walk: Walk): void {
  const visitKind = visitors[scan.kind] ?? visitOther
  visitKind(scan, filters, walk)
}

type Visitor = (scan: PlanNode, filters: Filter[], walk: Walk) => void

const visitors: Record<string, Visitor | undefined> = {
  TableScan: visitTable,

  FilterScan(scan, filters, walk) {
    const condition = childOf(scan, 'filterExpr')
    visitInput(scan, [...filters, ...(condition ? conjuncts(condition) : [])], walk)
    visitSubqueries(condition?.fields, walk)
  },

  ProjectScan(scan, filters, walk) {
    const computed = childrenOf(scan, 'exprList')
    visitInput(scan, renamed(filters, computed), walk)
    visitSubqueries(scan.fields['exprList'], walk)
  },

  JoinScan(scan, filters, walk) {
    const type = textOf(scan, 'joinType') || 'INNER'
    const condition = childOf(scan, 'joinExpr')
    const own = condition ? conjuncts(condition) : []
    const [left, right] = [childOf(scan, 'leftScan'), childOf(scan, 'rightScan')]
    const keepsLeft = type === 'LEFT' || type === 'FULL'
    const keepsRight = type === 'RIGHT' || type === 'FULL'
    // Rows of a side that the join keeps are there whatever its own condition says.
    if (left) visit(left, [...(keepsRight ? [] : filters), ...(keepsLeft ? [] : own)], walk)
    if (right) visit(right, [...(keepsLeft ? [] : filters), ...(keepsRight ? [] : own)], walk)
    visitSubqueries(condition?.fields, walk)
  },

  AggregateScan(scan, filters, walk) {
    const groups = childrenOf(scan, 'groupByList')
    const kept = new Set(groups.map(({ fields }) => columnId(fields['column'])))
    const simple = childrenOf(scan, 'groupingSetList').length === 0
    const passing = simple
      ? filters.filter((filter) => filter.columns.every((id) => kept.has(id)))
      : []
    visitInput(scan, renamed(passing, groups), walk)
    visitSubqueries([scan.fields['groupByList'], scan.fields['aggregateList']], walk)
  },

  AnalyticScan(scan, filters, walk) {
    const groups = childrenOf(scan, 'functionGroupList').map((group) => {
      const partition = childOf(group, 'partitionBy')
      const columns = partition ? childrenOf(partition, 'partitionByList') : []
      return new Set(columns.map(({ fields }) => columnId(fields['column'])))
    })
    const passing = filters.filter(({ columns }) =>
      groups.every((group) => columns.every((id) => group.has(id))),
    )
    visitInput(scan, passing, walk)
    visitSubqueries(scan.fields['functionGroupList'], walk)
  },

  OrderByScan: visitInput,

  // Which rows a limit leaves depends on those before it.
  LimitOffsetScan: (scan, _filters, walk) => visitInput(scan, [], walk),

  ArrayScan(scan, filters, walk) {
    visitInput(scan, filters, walk)
    visitSubqueries([scan.fields['arrayExpr'], scan.fields['joinExpr']], walk)
  },

  SetOperationScan(scan, filters, walk) {
    const outputs = columnsOf(scan)
    for (const item of childrenOf(scan, 'inputItemList')) {
      const input = childOf(item, 'scan')
      if (input) visit(input, mapped(filters, outputs, columnsOf(item, 'outputColumnList')), walk)
    }
  },

  WithScan(scan, filters, walk) {
    const entries = childrenOf(scan, 'withEntryList').map(
      (entry) => [textOf(entry, 'withQueryName'), childOf(entry, 'withSubquery')] as const,
    )
    const withQueries = new Map(walk.withQueries)
    for (const [name, query] of entries) if (query) withQueries.set(name, query)
    const query = childOf(scan, 'query')
    if (query) visit(query, filters, { ...walk, withQueries })
  },

  WithRefScan(scan, filters, walk) {
    const query = walk.withQueries.get(textOf(scan, 'withQueryName'))
    if (query) visit(query, mapped(filters, columnsOf(scan), columnsOf(query)), walk)
  },
}

function visitTable(scan: PlanNode, filters: Filter[], walk: Walk): void {
  const relation = walk.relations.get(tableKey(tableOfScan(scan)))
  if (!relation) return
  const columns = columnsOf(scan)
  if (relation.view) {
    const { query, relations } = relation.view
    const statement = planNode(query.source)
    const outputs = childrenOf(statement, 'outputColumnList').map(({ fields }) =>
      columnId(fields['column']),
    )
    const names = relation.table.schema.fields.map(({ name }) => name.toLowerCase())
    const inner = columns.map(({ name }) => ({
      id: outputs[names.indexOf(name.toLowerCase())] ?? '',
      name,
    }))
    const body = childOf(statement, 'query')
    const within = { relations, withQueries: new Map(), reads: walk.reads }
    if (body) visit(body, mapped(filters, columns, inner), within)
    return
  }
  const names = new Map(columns.map(({ id, name }) => [id, name]))
  walk.reads.push({
    table: relation.table,
    filters: filters
      .filter((filter) => filter.columns.every((id) => names.has(id)))
      .map((filter) => ({
        ...filter,
        columns: filter.columns.map((id) => names.get(id) ?? ''),
      })),
  })
}

function visitInput(scan: PlanNode, filters: Filter[], walk: Walk): void {
  const input = childOf(scan, 'inputScan')
  if (input) visit(input, filters, walk)
}

/** Scans of other kinds pass no condition on. */
function visitOther(scan: PlanNode, _filters: Filter[], walk: Walk): void {
  visitInput(scan, [], walk)
  for (const name of ['nonRecursiveTerm', 'recursiveTerm']) {
    const term = childOf(scan, name)
    const input = term && childOf(term, 'scan')
    if (input) visit(input, [], walk)
  }
}

/** Queries inside expressions are limited by nothing from outside. */
function visitSubqueries(value: unknown, walk: Walk): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const item of value) visitSubqueries(item, walk)
    return
  }
  const node = planNode(value)
  const { fields } = node
  const query = node.kind === 'SubqueryExpr' ? childOf(node, 'subquery') : undefined
  if (query) {
    visit(query, [], walk)
    visitSubqueries(fields['inExpr'], walk)
    return
  }
  for (const child of Object.values(fields)) visitSubqueries(child, walk)
}
