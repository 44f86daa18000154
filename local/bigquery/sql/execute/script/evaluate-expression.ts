import type { DuckDBValue } from '@duckdb/node-api'
import { BigQueryError } from '../../../bigquery-error.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { ScriptText } from '../../analyzer/script.ts'
import type { SqlType } from '../../analyzer/sql-type.ts'
import { typeName } from '../../analyzer/sql-type.ts'
import { analyze } from '../analyze.ts'
import { isAssignable } from './assignable.ts'
import { prepareQuery } from '../query.ts'
import type { Session } from '../session.ts'
import { withWork, type Work } from '../work.ts'
import { noteExpression } from './stack-frames.ts'

export type TypedValue = { value: DuckDBValue; type: SqlType }

/** The value of an expression of a script, which may hold queries. */
export async function evaluate(session: Session, expression: ScriptText): Promise<TypedValue> {
  return await withWork(session, 'read', (work) => evaluateIn(work, expression))
}

/** The same as a value of the given type, if the expression may be assigned to that. */
export async function evaluateAs(
  session: Session,
  expression: ScriptText,
  type: SqlType,
  sized?: string,
): Promise<DuckDBValue> {
  return await withWork(session, 'read', async (work) => {
    const { statement } = await analyze(work, selecting('', expression))
    const output = statement.nodes('outputColumnList')[0]
    if (!output) throw new Error('an expression without a value')
    const given = output.column().type
    const wanted = typeName(type)
    if (typeName(given) === wanted && sized === undefined)
      return (await evaluateIn(work, expression)).value

    if (typeName(given) !== wanted && !isAssignable(given, type, expression.text)) {
      throw new BigQueryError(
        'invalidQuery',
        `Cannot coerce expression ${expression.text} to type ${wanted}`,
        { location: 'query' },
      )
    }
    return (await evaluateIn(work, expression, sized ?? wanted)).value
  })
}

/** Whether a condition holds; NULL does not. */
export async function holds(session: Session, condition: ScriptText): Promise<boolean> {
  return (await evaluateAs(session, condition, { kind: 'BOOL' })) === true
}

/** The type that a DECLARE names. */
export async function namedType(
  session: Session,
  { text, position }: ScriptText,
): Promise<SqlType> {
  const nothing = { text: 'NULL', position }
  return await withWork(session, 'read', async (work) => {
    const { statement } = await analyze(work, selecting(text, nothing))
    const output = statement.nodes('outputColumnList')[0]
    if (!output) throw new Error('a type without a value')
    return output.column().type
  })
}

/** The query of an expression; places in messages stay those of the script. */
function selecting(type: string, { text, position }: ScriptText): ScriptText {
  const before = type === '' ? 'SELECT ' : 'SELECT CAST('
  const after = type === '' ? '' : ` AS ${type})`
  return {
    text: `${before}${text}${after}`,
    position: { line: position.line, column: position.column - before.length },
  }
}

async function evaluateIn(work: Work, expression: ScriptText, type = ''): Promise<TypedValue> {
  const { session, connection } = work
  const query = selecting(type, expression)
  const analysis = await analyze(work, query)
  const prepared = await prepareQuery(work, analysis)
  const [column] = prepared.columns
  if (!column) throw new Error('an expression without a value')
  const { referencedTables, totalBytesProcessed } = prepared
  if (referencedTables.length > 0) {
    noteExpression(session, expression, {
      statementType: 'SELECT',
      sql: query.text,
      totalBytesProcessed,
      referencedTables,
    })
  }
  if (session.request.dryRun) return { value: null, type: column.type }
  const [[value = null] = []] = await runForValues(connection, prepared.sql)
  return { value, type: column.type }
}
