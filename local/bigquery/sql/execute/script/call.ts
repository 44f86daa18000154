import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { nameOf } from '../../../catalog/not-found.ts'
import { requireType } from '../../../catalog/tables.ts'
import type { Routine } from '../../../catalog/resources.ts'
import type { ScriptStatement, ScriptText } from '../../analyzer/script.ts'
import { typeOfStandardSql } from '../../analyzer/field-type.ts'
import { tableOfPath } from '../../analyzer/table-path.ts'
import type { Session, Variable } from '../session.ts'
import { existingTable } from '../target.ts'
import { evaluateAs } from './evaluate-expression.ts'
import { runStatements } from './run-block.ts'
import { calledFrom } from './stack-frames.ts'
import { assign, needVariable } from './variables.ts'

/** As deep as BigQuery lets procedures call each other. */
const deepest = 50

/** CALL: the body sees its arguments and none of the caller's variables. */
export async function call(
  session: Session,
  statement: Extract<ScriptStatement, { kind: 'call' }>,
): Promise<void> {
  const { procedure: path, arguments: given } = statement
  if (path.join('.').toLowerCase() === 'bq.refresh_materialized_view') {
    return await refreshMaterializedView(session, given)
  }
  const procedure = findProcedure(session, path)
  const parameters = procedure.arguments ?? []
  if (parameters.length !== given.length) {
    const name = nameOf(procedure.routineReference)
    const message = `Procedure ${name} takes ${parameters.length} arguments, not ${given.length}`
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  const scope = new Map<string, Variable>()
  const results: { inner: Variable; outer: Variable }[] = []
  for (const [index, parameter] of parameters.entries()) {
    const text = given[index]
    if (!text) continue
    const inner = await argument(session, parameter, text)
    scope.set(parameter.name.toLowerCase(), inner)
    if (parameter.mode === 'OUT' || parameter.mode === 'INOUT') {
      results.push({ inner, outer: needVariable(session, text.text.trim().replaceAll('`', '')) })
    }
  }
  if (session.depth >= deepest)
    throw notSupported(`procedures that call each other ${deepest} deep`)

  const { scopes, parameters: outer } = session
  const body = await session.parts.analyzer.parseScript(procedure.definitionBody)
  Object.assign(session, { scopes: [scope], depth: session.depth + 1 })
  try {
    await calledFrom(session, { text: statement, procedure: fullName(procedure) }, () =>
      runStatements(session, body),
    )
  } finally {
    Object.assign(session, { scopes, parameters: outer, depth: session.depth - 1 })
  }
  for (const { inner, outer: target } of results) assign(target, inner.type, inner.value)
}

/** There is nothing to refresh: what it gives is computed whenever it is read. */
async function refreshMaterializedView(session: Session, given: ScriptText[]): Promise<void> {
  const [name, ...more] = given
  if (!name || more.length > 0) throw notSupported('BQ.REFRESH_MATERIALIZED_VIEW without one name')
  const value = await evaluateAs(session, name, { kind: 'STRING' })
  if (session.request.dryRun) return
  const catalog = session.transaction?.catalog ?? session.parts.catalog.current
  const reference = tableOfPath([String(value)], session.request)
  if (!reference) throw notSupported(`BQ.REFRESH_MATERIALIZED_VIEW of ${String(value)}`)
  requireType(existingTable(catalog, reference), ['MATERIALIZED_VIEW'])
}

function fullName({ routineReference: { projectId, datasetId, routineId } }: Routine): string {
  return `${projectId}.${datasetId}.${routineId}`
}

async function argument(
  session: Session,
  { name, dataType, mode }: NonNullable<Routine['arguments']>[number],
  text: ScriptText,
): Promise<Variable> {
  if (!dataType) throw notSupported('a procedure whose argument has any type')
  const type = typeOfStandardSql(dataType)
  // What goes in through OUT is not looked at.
  const value = mode === 'OUT' ? null : await evaluateAs(session, text, type)
  return { name, type, value }
}

function findProcedure({ request, parts, transaction }: Session, path: string[]): Routine {
  const catalog = transaction?.catalog ?? parts.catalog.current
  const reference = tableOfPath(path, request)
  const { tableId: routineId = '', ...dataset } = reference ?? {}
  const routine = reference && catalog.routine({ ...reference, ...dataset, routineId })
  if (routine?.routineType === 'PROCEDURE') return routine
  if (/^bq$/i.test(path[0] ?? '')) throw notSupported(`the system procedure ${path.join('.')}`)
  throw new BigQueryError('invalidQuery', `Procedure is not found: ${path.join('.')}`, {
    location: 'query',
  })
}
