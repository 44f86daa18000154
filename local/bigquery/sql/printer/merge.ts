import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { matchedRows, nameTarget, printSource, printStoredValue, targetOfContext } from './dml.ts'
import { identifier, physicalName } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import type { PrintedDml } from './print.ts'
import { tableOfScan } from './scans.ts'
import type { Scope } from './scope.ts'
import { printUpdates } from './updates.ts'

/** MERGE, with the check that DuckDB does not make: a target row must not be changed twice. */
export function printMerge(node: ResolvedNode, scope: Scope): PrintedDml {
  const scan = node.node('tableScan')
  nameTarget(scan, '_target', scope)
  const target = tableOfScan(scan)
  const source = printSource(node.node('fromScan'), scope)
  const from = identifier(source.name)
  const condition = printExpression(node.node('mergeExpr'), scope)
  const clauses = node.nodes('whenClauseList').map((clause) => readClause(clause, scope))
  const name = physicalName(target)
  const whens = clauses.map(({ match, condition: and, action }) => {
    return `WHEN ${match}${and ? ` AND ${and}` : ''} THEN ${action}`
  })
  const sql = `MERGE INTO ${name} AS _target USING ${from} ON ${condition} ${whens.join(' ')}`
  const changed = [
    ...changedWhere('MATCHED', `${name} AS _target JOIN ${from} ON ${condition}`),
    ...changedWhere(
      'NOT MATCHED BY SOURCE',
      `${name} AS _target ANTI JOIN ${from} ON ${condition}`,
    ),
  ]
  const rows = changed.length === 0 ? {} : { changed: changed.join(' UNION ALL ') }
  return { kind: 'MERGE', target, sql, source, ...rows }

  function changedWhere(match: string, joined: string): string[] {
    const changing = clauses.filter((clause) => clause.match === match)
    if (changing.length === 0) return []
    const conditions = changing.map(({ condition: and }) => (and ? `(${and})` : 'true'))
    return [matchedRows(`${joined} WHERE ${conditions.join(' OR ')}`)]
  }
}

const matchNames: Record<string, string> = {
  MATCHED: 'MATCHED',
  NOT_MATCHED_BY_TARGET: 'NOT MATCHED BY TARGET',
  NOT_MATCHED_BY_SOURCE: 'NOT MATCHED BY SOURCE',
}

function readClause(clause: ResolvedNode, scope: Scope) {
  const kind = clause.text('matchType') || 'MATCHED'
  const match = matchNames[kind]
  if (!match) throw notSupported(`WHEN ${kind}`)
  const condition = clause.optionalNode('matchExpr')
  return {
    match,
    condition: condition && printExpression(condition, scope),
    action: printAction(clause, scope),
  }
}

function printAction(clause: ResolvedNode, scope: Scope): string {
  const action = clause.text('actionType') || 'INSERT'
  if (action === 'DELETE') return 'DELETE'
  if (action === 'UPDATE') {
    return `UPDATE SET ${printUpdates(clause.nodes('updateItemList'), scope)}`
  }
  if (action !== 'INSERT') throw notSupported(`MERGE ${action}`)
  const names = clause.columns('insertColumnList').map((column) => column.name)
  const unnamed = targetOfContext(scope).unnamedColumns(names)
  const values = clause
    .node('insertRow')
    .nodes('valueList')
    .map((value, index) => printStoredValue(names[index] ?? '', value, scope))
  const columns = [...names, ...unnamed.map(({ name }) => name)].map(identifier)
  const list = [...values, ...unnamed.map(({ value }) => value)]
  return `INSERT (${columns.join(', ')}) VALUES (${list.join(', ')})`
}
