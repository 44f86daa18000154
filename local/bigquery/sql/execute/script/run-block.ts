import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { ScriptStatement } from '../../analyzer/script.ts'
import { runStatement } from '../statements.ts'
import type { Session } from '../session.ts'
import { call } from './call.ts'
import { evaluate } from './evaluate-expression.ts'
import { executeImmediate } from './execute-immediate.ts'
import { runCase, runFor, runIf, runLoop, runRepeat, runWhile } from './control.ts'
import { next, type Flow } from './flow.ts'
import { scriptError } from './script-error.ts'
import { noteStatement } from './stack-frames.ts'
import { afterFailure, controlTransaction } from './transaction.ts'
import { declare, set, setFromStruct, setSystemVariable } from './variables.ts'

/** Runs statements one after another; the first error ends them. */
export async function runStatements(
  session: Session,
  statements: ScriptStatement[],
): Promise<Flow> {
  for (const statement of statements) {
    session.request.signal?.throwIfAborted()
    const flow = await runOne(session, statement)
    if (flow.kind !== 'next') return flow
  }
  return next
}

async function runOne(session: Session, statement: ScriptStatement): Promise<Flow> {
  try {
    return await dispatch(session, statement)
  } catch (error) {
    const told = scriptError(error, statement)
    // What it was a part of tells the same error.
    if (told !== error) session.failed = statement.text
    throw told
  }
}

async function dispatch(session: Session, statement: ScriptStatement): Promise<Flow> {
  switch (statement.kind) {
    case 'sql':
      if (await controlTransaction(session, statement.syntax)) return next
      noteStatement(session, statement, await runStatement(session, statement))
      return next
    case 'declare':
      return done(declare(session, statement))
    case 'set':
      return done(set(session, statement))
    case 'setFromStruct':
      return done(setFromStruct(session, statement))
    case 'setSystemVariable':
      return done(setSystemVariable(session, statement))
    case 'if':
      return await runIf(session, statement)
    case 'case':
      return await runCase(session, statement)
    case 'loop':
      return await runLoop(session, statement)
    case 'while':
      return await runWhile(session, statement)
    case 'repeat':
      return await runRepeat(session, statement)
    case 'for':
      return await runFor(session, statement)
    case 'break':
    case 'continue':
      return { kind: statement.kind, label: statement.label }
    case 'block':
      return await runBlock(session, statement)
    case 'return':
      return { kind: 'return' }
    case 'raise':
      return await raise(session, statement)
    case 'executeImmediate':
      return done(executeImmediate(session, statement))
    case 'call':
      return done(call(session, statement))
  }
}

async function done(work: Promise<void>): Promise<Flow> {
  await work
  return next
}

/** BEGIN … EXCEPTION WHEN ERROR … END: variables of the block end with it. */
async function runBlock(
  session: Session,
  { body, exceptionHandler, label }: Extract<ScriptStatement, { kind: 'block' }>,
): Promise<Flow> {
  const depth = session.scopes.length
  try {
    session.scopes.push(new Map())
    const flow = await runStatements(session, body)
    const isOurs = flow.kind === 'break' && flow.label !== undefined && flow.label === label
    return isOurs ? next : flow
  } catch (error) {
    if (!exceptionHandler || !isCaught(error)) throw error
    // The handler does not see the variables of the block.
    session.scopes.length = depth
    await afterFailure(session)
    return await handle(session, error, exceptionHandler)
  } finally {
    session.scopes.length = depth
  }
}

/** A script must not take our own refusals for BigQuery's errors, nor go on when it is cancelled. */
function isCaught(error: unknown): error is BigQueryError {
  return (
    error instanceof BigQueryError &&
    error.reason !== 'notImplemented' &&
    error.reason !== 'stopped'
  )
}

async function handle(
  session: Session,
  error: BigQueryError,
  handler: ScriptStatement[],
): Promise<Flow> {
  const before = new Map(session.systemVariables)
  session.systemVariables.set('error.message', error.message)
  session.systemVariables.set('error.statement_text', session.failed ?? null)
  session.errors.push(error)
  try {
    return await runStatements(session, handler)
  } finally {
    session.errors.pop()
    restore(session, before, 'error.message')
    restore(session, before, 'error.statement_text')
  }
}

function restore(
  { systemVariables }: Session,
  before: Session['systemVariables'],
  name: string,
): void {
  const value = before.get(name)
  if (value === undefined) systemVariables.delete(name)
  else systemVariables.set(name, value)
}

async function raise(
  session: Session,
  { message }: Extract<ScriptStatement, { kind: 'raise' }>,
): Promise<Flow> {
  if (!message) {
    const current = session.errors.at(-1)
    if (current) throw current
    throw new BigQueryError(
      'invalidQuery',
      'Cannot re-raise an existing exception outside of an exception handler',
      { location: 'query' },
    )
  }
  const { value } = await evaluate(session, message)
  if (session.request.dryRun) return next
  if (typeof value !== 'string') throw notSupported('RAISE with a message that is NULL')
  throw new BigQueryError('invalidQuery', value, { location: 'query' })
}
