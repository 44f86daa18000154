import type { ScriptText } from '../../analyzer/script.ts'
import type { ScriptFrame, ScriptResult, StatementResult } from '../../sql-engine.ts'
import type { Session } from '../session.ts'

/** Notes what a statement of the script gave; the last one's rows are the script's. */
export function noteStatement(session: Session, text: ScriptText, result: StatementResult): void {
  session.results.push({ ...result, evaluationKind: 'STATEMENT', ...stackOf(session, text) })
  session.last = result
}

/** Notes a query inside an expression of the script. */
export function noteExpression(session: Session, text: ScriptText, result: StatementResult): void {
  session.results.push({ ...result, evaluationKind: 'EXPRESSION', ...stackOf(session, text) })
}

/** Runs what a statement calls: meanwhile that statement stands in the stack, below what runs. */
export async function calledFrom<T>(
  session: Session,
  { text, procedure }: { text: ScriptText; procedure: string | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const { callers, procedure: outer } = session
  session.callers = [frameOf(session, text), ...callers]
  session.procedure = procedure
  try {
    return await work()
  } finally {
    Object.assign(session, { callers, procedure: outer })
  }
}

function stackOf(session: Session, text: ScriptText): Pick<ScriptResult, 'stackFrames'> {
  return { stackFrames: [frameOf(session, text), ...session.callers] }
}

function frameOf({ procedure }: Session, { text, position }: ScriptText): ScriptFrame {
  const statement = text.trimEnd()
  const lines = statement.split('\n')
  const last = lines.at(-1) ?? ''
  return {
    startLine: position.line,
    startColumn: position.column,
    endLine: position.line + lines.length - 1,
    endColumn: (lines.length === 1 ? position.column : 1) + last.length,
    text: statement,
    ...(procedure !== undefined && { procedureId: procedure }),
  }
}
