import { structValue, type DuckDBValue } from '@duckdb/node-api'
import { runForValues } from '../../../database/result-rows.ts'
import type { ScriptStatement, ScriptText } from '../../analyzer/script.ts'
import type { SqlType } from '../../analyzer/sql-type.ts'
import { fieldName } from '../../printer/duck-sql.ts'
import { analyze } from '../analyze.ts'
import { prepareQuery } from '../query.ts'
import type { Session } from '../session.ts'
import { withWork } from '../work.ts'
import { evaluate, holds } from './evaluate-expression.ts'
import { afterIteration, next, type Flow } from './flow.ts'
import { runStatements } from './run-block.ts'
import { setInScope } from './variables.ts'

type Statement<Kind extends ScriptStatement['kind']> = Extract<ScriptStatement, { kind: Kind }>
type Branches = { condition: ScriptText; body: ScriptStatement[] }[]

export async function runIf(session: Session, statement: Statement<'if'>): Promise<Flow> {
  return await runBranches(session, statement.branches, statement.otherwise)
}

/** CASE with an operand compares it with each WHEN in turn; it is computed once. */
export async function runCase(session: Session, statement: Statement<'case'>): Promise<Flow> {
  const { operand, branches, otherwise } = statement
  if (!operand) return await runBranches(session, branches, otherwise)

  const name = '_case_operand'
  const { value, type } = await evaluate(session, operand)
  const comparing = branches.map(({ condition, body }) => {
    const text = `${name} = (${condition.text})`
    const column = condition.position.column - `${name} = (`.length
    return { condition: { text, position: { ...condition.position, column } }, body }
  })
  return await inScope(session, async () => {
    setInScope(session, { name, type, value })
    return await runBranches(session, comparing, otherwise)
  })
}

async function runBranches(
  session: Session,
  branches: Branches,
  otherwise: ScriptStatement[],
): Promise<Flow> {
  if (session.request.dryRun) return await checkAll(session, branches, otherwise)
  for (const { condition, body } of branches) {
    if (await holds(session, condition)) return await runStatements(session, body)
  }
  return await runStatements(session, otherwise)
}

/** A dry run does not know which branch is taken. */
async function checkAll(
  session: Session,
  branches: Branches,
  otherwise: ScriptStatement[],
): Promise<Flow> {
  for (const { condition, body } of branches) {
    await holds(session, condition)
    await runStatements(session, body)
  }
  await runStatements(session, otherwise)
  return next
}

export async function runLoop(session: Session, statement: Statement<'loop'>): Promise<Flow> {
  return await repeat(session, statement, { before: always, after: always })
}

export async function runWhile(session: Session, statement: Statement<'while'>): Promise<Flow> {
  const before = (): Promise<boolean> => holds(session, statement.condition)
  return await repeat(session, statement, { before, after: always })
}

export async function runRepeat(session: Session, statement: Statement<'repeat'>): Promise<Flow> {
  const after = async (): Promise<boolean> => !(await holds(session, statement.until))
  return await repeat(session, statement, { before: always, after })
}

function always(): Promise<boolean> {
  return Promise.resolve(true)
}

async function repeat(
  session: Session,
  { body, label }: { body: ScriptStatement[]; label?: string },
  { before, after }: { before(): Promise<boolean>; after(): Promise<boolean> },
): Promise<Flow> {
  const { dryRun, signal } = session.request
  for (;;) {
    signal?.throwIfAborted()
    if (!(await before()) && !dryRun) return next
    const end = afterIteration(await runStatements(session, body), label)
    if (end) return end
    if (!(await after()) || dryRun) return next
  }
}

/** FOR … IN: the query runs once, before the first row is taken. */
export async function runFor(session: Session, statement: Statement<'for'>): Promise<Flow> {
  const { variable: name, query, body, label } = statement
  const { type, rows } = await loopRows(session, query)
  return await inScope(session, async () => {
    for (const value of rows) {
      session.request.signal?.throwIfAborted()
      setInScope(session, { name, type, value })
      const end = afterIteration(await runStatements(session, body), label)
      if (end) return end
    }
    return next
  })
}

async function loopRows(
  session: Session,
  query: ScriptText,
): Promise<{ type: SqlType; rows: DuckDBValue[] }> {
  return await withWork(session, 'read', async (work) => {
    const { sql, columns } = await prepareQuery(work, await analyze(work, query))
    const type: SqlType = { kind: 'STRUCT', fields: columns }
    if (session.request.dryRun) return { type, rows: [null] }
    const rows = await runForValues(work.connection, sql)
    const names = columns.map(fieldName)
    const structs = rows.map((row) =>
      structValue(Object.fromEntries(row.map((value, index) => [names[index] ?? '', value]))),
    )
    return { type, rows: structs }
  })
}

async function inScope(session: Session, run: () => Promise<Flow>): Promise<Flow> {
  const depth = session.scopes.length
  session.scopes.push(new Map())
  try {
    return await run()
  } finally {
    session.scopes.length = depth
  }
}
