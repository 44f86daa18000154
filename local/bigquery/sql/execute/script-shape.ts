import { BigQueryError } from '../../bigquery-error.ts'
import type { ScriptStatement } from '../analyzer/script.ts'

/** Whether nothing but rows can come of it. */
export function isSingleQuery(statements: ScriptStatement[]): boolean {
  const [only, ...more] = statements
  return more.length === 0 && isSql(only, 'Query')
}

/** Temporary functions before a statement do not make a script of it. */
export function isStatementWithFunctions(statements: ScriptStatement[]): boolean {
  const before = statements.slice(0, -1)
  return (
    before.length > 0 &&
    statements.at(-1)?.kind === 'sql' &&
    before.every((statement) => isSql(statement, 'CreateFunction') && isTemporary(statement))
  )
}

function isTemporary({ text }: ScriptStatement): boolean {
  return /^\s*CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\s/i.test(text)
}

/** Refuses a statement alone that means something among others only. */
export function requireCompany(statement: ScriptStatement): void {
  if (statement.kind !== 'sql') return
  if (['Begin', 'Commit', 'Rollback'].includes(statement.syntax)) {
    throw refused('Transaction control statements are supported only in scripts or sessions')
  }
  if (!isTemporary(statement)) return
  throw refused(
    statement.syntax === 'CreateFunction'
      ? 'CREATE TEMPORARY FUNCTION statements must be followed by an actual query.'
      : 'Use of CREATE TEMPORARY TABLE requires a script or session',
  )
}

/** Refuses a destination table of what is no query: a table takes the rows of one. */
export function requireDestinable(statements: ScriptStatement[]): void {
  const last = statements.at(-1)
  if (!last) return
  if (last.kind !== 'sql' || (statements.length > 1 && !isStatementWithFunctions(statements))) {
    throw refused('configuration.query.destinationTable cannot be set for scripts')
  }
  if (last.syntax === 'Query') return
  const kind = dml.includes(last.syntax) ? 'DML' : 'DDL'
  throw refused(`Cannot set destination table in jobs with ${kind} statements`)
}

const dml = ['Insert', 'Update', 'Delete', 'Merge', 'Truncate']

function isSql(statement: ScriptStatement | undefined, syntax: string): boolean {
  return statement?.kind === 'sql' && statement.syntax === syntax
}

function refused(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
