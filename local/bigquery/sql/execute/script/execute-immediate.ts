import type { DuckDBValue } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { ScriptStatement } from '../../analyzer/script.ts'
import type { SqlType } from '../../analyzer/sql-type.ts'
import { analyze } from '../analyze.ts'
import type { Parameter, Parameters } from '../parameters.ts'
import { prepareQuery } from '../query.ts'
import type { Session } from '../session.ts'
import { runStatement } from '../statements.ts'
import { withWork } from '../work.ts'
import { evaluate, evaluateAs } from './evaluate-expression.ts'
import { calledFrom, noteStatement } from './stack-frames.ts'
import { controlTransaction } from './transaction.ts'
import { assign, needVariable } from './variables.ts'

type Statement = Extract<ScriptStatement, { kind: 'executeImmediate' }>

/** Runs a statement that is a text; it sees the values of USING and no variable of the script. */
export async function executeImmediate(session: Session, statement: Statement): Promise<void> {
  const text = await evaluateAs(session, statement.sql, { kind: 'STRING' })
  const parameters = await parametersOf(session, statement)
  if (session.request.dryRun) return
  if (typeof text !== 'string') {
    throw new BigQueryError('invalidQuery', 'SQL of EXECUTE IMMEDIATE cannot be NULL', {
      location: 'query',
    })
  }
  const [inner, ...more] = await session.parts.analyzer.parseScript(text)
  if (!inner || more.length > 0 || inner.kind !== 'sql') {
    throw notSupported('EXECUTE IMMEDIATE of anything but one SQL statement')
  }
  const { scopes, parameters: outer } = session
  Object.assign(session, { scopes: [new Map()], parameters })
  try {
    if (statement.into.length === 0) {
      const { procedure } = session
      await calledFrom(session, { text: statement, procedure }, async () => {
        if (await controlTransaction(session, inner.syntax)) return
        noteStatement(session, inner, await runStatement(session, inner))
      })
      return
    }
    const values = await singleRow(session, inner)
    Object.assign(session, { scopes, parameters: outer })
    intoVariables(session, statement.into, values)
  } finally {
    Object.assign(session, { scopes, parameters: outer })
  }
}

async function parametersOf(session: Session, { using }: Statement): Promise<Parameters> {
  const named = new Map<string, Parameter>()
  const positional: Parameter[] = []
  for (const { value, name } of using) {
    const parameter = await evaluate(session, value)
    if (name === undefined) positional.push(parameter)
    else named.set(name.toLowerCase(), parameter)
  }
  return { named, positional }
}

type Values = { columns: { type: SqlType }[]; row: DuckDBValue[] }

async function singleRow(
  session: Session,
  inner: Extract<ScriptStatement, { kind: 'sql' }>,
): Promise<Values> {
  return await withWork(session, 'read', async (work) => {
    const { sql, columns } = await prepareQuery(work, await analyze(work, inner))
    const [row = columns.map(() => null), ...more] = await runForValues(work.connection, sql)
    if (more.length === 0) return { columns, row }
    throw new BigQueryError(
      'invalidQuery',
      'EXECUTE IMMEDIATE with INTO clause returned more than one row',
      { location: 'query' },
    )
  })
}

function intoVariables(session: Session, names: string[], { columns, row }: Values): void {
  if (columns.length !== names.length) {
    const message = `EXECUTE IMMEDIATE INTO expects ${names.length} columns, but the query gave ${columns.length}`
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  for (const [index, name] of names.entries()) {
    const column = columns[index]
    if (column) assign(needVariable(session, name), column.type, row[index] ?? null)
  }
}
