import { BigQueryError } from '../../../bigquery-error.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { isTemporary } from '../ddl/create-mode.ts'
import type { Session } from '../session.ts'
import { openJournal } from './journal.ts'

/** BEGIN, COMMIT and ROLLBACK TRANSACTION; false for every other statement. */
export async function controlTransaction(session: Session, syntax: string): Promise<boolean> {
  if (!['Begin', 'Commit', 'Rollback'].includes(syntax)) return false
  if (session.request.dryRun) return true
  const { transaction } = session
  if (syntax === 'Begin') {
    if (transaction) throw invalid('Cannot begin a new transaction in an existing transaction')
    session.transaction = openJournal(await session.parts.catalog.begin())
    return true
  }
  if (!transaction) throw invalid('There is no active transaction')
  session.transaction = undefined
  await (syntax === 'Commit' ? transaction.end() : transaction.rollback())
  return true
}

/** Refuses what changes the catalog for longer than the transaction's script. */
export function refuseDdlInTransaction(
  { transaction, request, temporaryTables }: Session,
  statement: ResolvedNode,
): void {
  if (!transaction || request.dryRun || dml.includes(statement.kind)) return
  if (isTemporary(statement)) return
  const name = statement.kind === 'DropStmt' ? (statement.texts('namePath').at(-1) ?? '') : ''
  if (temporaryTables.has(name.toLowerCase())) return
  throw invalid(
    'DDL statements are not supported in a transaction, except for those creating or droping ' +
      'temporary tables or temporary functions.',
  )
}

const dml = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'TruncateStmt']

/** After a statement of an open transaction has failed: what it did before that stands. */
export async function afterFailure({ transaction }: Session): Promise<void> {
  await transaction?.recover()
}

/** What a script leaves open at its end is undone. */
export async function endTransaction(session: Session): Promise<void> {
  const { transaction } = session
  session.transaction = undefined
  await transaction?.rollback()
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
