import { BigQueryError } from '../../../bigquery-error.ts'
import type { Routine } from '../../../catalog/resources.ts'
import { typeOfStandardSql } from '../../analyzer/field-type.ts'
import type { ScriptStatement, ScriptText } from '../../analyzer/script.ts'
import type { SqlType } from '../../analyzer/sql-type.ts'
import { analyze } from '../analyze.ts'
import { readParameters } from '../parameters.ts'
import { startSession } from '../session.ts'
import type { Work } from '../work.ts'

const checked = new Set(['Query', 'Insert', 'Update', 'Delete', 'Merge', 'Truncate'])

/**
 * The strict mode of CREATE PROCEDURE: fails for a table or column that is not there. Statements are
 * checked as far as the first that may make one, or whose variables have types that only a call tells.
 */
export async function checkProcedureBody(
  work: Work,
  statements: ScriptStatement[],
  parameters: NonNullable<Routine['arguments']>,
): Promise<void> {
  const { parts, request } = work.session
  const session = startSession(parts, request, readParameters())
  for (const { name, dataType } of parameters) {
    if (!dataType) return
    setType(name, typeOfStandardSql(dataType))
  }
  await checkAll(statements)

  function setType(name: string, type: SqlType): void {
    session.scopes.at(-1)?.set(name.toLowerCase(), { name, type, value: null })
  }

  /** Whether what follows can be checked too. */
  async function checkAll(list: ScriptStatement[]): Promise<boolean> {
    for (const statement of list) if (!(await check(statement))) return false
    return true
  }

  async function check(statement: ScriptStatement): Promise<boolean> {
    switch (statement.kind) {
      case 'sql':
        if (!checked.has(statement.syntax)) return false
        return (await typeOf(statement)) !== undefined
      case 'declare': {
        const { type, defaultValue } = statement
        const text = type ? `CAST(NULL AS ${type.text})` : (defaultValue?.text ?? 'NULL')
        const found = await typeOf({ text: `SELECT ${text}`, position: statement.position })
        for (const name of statement.names) if (found) setType(name, found)
        return found !== undefined
      }
      case 'block': {
        session.scopes.push(new Map())
        const goesOn = await checkAll(statement.body)
        session.scopes.pop()
        return goesOn && (await checkAll(statement.exceptionHandler ?? []))
      }
      case 'if':
      case 'case': {
        const bodies = [...statement.branches.map(({ body }) => body), statement.otherwise]
        for (const body of bodies) if (!(await checkAll(body))) return false
        return true
      }
      case 'loop':
      case 'while':
      case 'repeat':
        return await checkAll(statement.body)
      case 'for':
      case 'call':
      case 'executeImmediate':
        return false
      default:
        return true
    }
  }

  /** The type of the first column, BOOL for what has none; undefined where it cannot be told. */
  async function typeOf(text: ScriptText): Promise<SqlType | undefined> {
    try {
      const { statement } = await analyze({ ...work, session }, text)
      if (statement.kind !== 'QueryStmt') return { kind: 'BOOL' }
      return statement.nodes('outputColumnList')[0]?.column().type
    } catch (error) {
      if (error instanceof BigQueryError && isMissing(error)) throw error
      return undefined
    }
  }
}

function isMissing({ reason, message }: BigQueryError): boolean {
  return reason === 'notFound' || /^(Unrecognized name|Name .* not found inside)/.test(message)
}
