import { BigQueryError } from '../../../bigquery-error.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { childOf, nodesIn, textOf, type PlanNode } from '../reads/plan-node.ts'

const scans: Record<string, string | undefined> = {
  AnalyticScan: 'window functions',
  LimitOffsetScan: 'LIMIT',
  OrderByScan: 'ORDER BY',
  RecursiveScan: 'recursion',
  SampleScan: 'TABLESAMPLE',
}

const functions = new Set([
  'current_date',
  'current_datetime',
  'current_time',
  'current_timestamp',
  'generate_uuid',
  'rand',
  'session_user',
])

/** Refuses the query of a materialized view that BigQuery could not keep up with its tables. */
export function requireIncremental({ source }: ResolvedNode): void {
  let readsTable = false
  for (const node of nodesIn(source)) {
    const what = obstacle(node)
    if (what !== undefined) throw notIncremental(`with ${what}`)
    readsTable ||= node.kind === 'TableScan'
  }
  if (!readsTable) throw notIncremental('of no table')
}

function notIncremental(what: string): BigQueryError {
  return new BigQueryError(
    'invalidQuery',
    `A materialized view ${what} is not incremental: BigQuery takes it only with the options ` +
      'allow_non_incremental_definition and max_staleness',
    { location: 'query' },
  )
}

function obstacle(node: PlanNode): string | undefined {
  const { kind, fields } = node
  if (kind === 'JoinScan' && /RIGHT|FULL/.test(textOf(node, 'joinType')))
    return 'RIGHT or FULL JOIN'
  if (kind === 'SetOperationScan' && !/^(UNION_ALL)?$/.test(textOf(node, 'opType'))) {
    return 'set operations other than UNION ALL'
  }
  if (kind === 'TableScan' && childOf(node, 'forSystemTimeExpr')) return 'FOR SYSTEM_TIME AS OF'
  if (kind === 'FunctionCall') {
    const { name = '' } = (fields.function ?? {}) as { name?: string }
    const plain = name.replace(/^ZetaSQL:/, '').toLowerCase()
    return functions.has(plain) ? plain.toUpperCase() : undefined
  }
  return scans[kind]
}
