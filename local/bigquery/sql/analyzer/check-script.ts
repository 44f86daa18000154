import { BigQueryError } from '../../bigquery-error.ts'
import type { ScriptStatement, ScriptText } from './script.ts'

/** Refuses what the parser lets pass, but no script may hold: a DECLARE too late, a BREAK outside of loops. */
export function checkScript(statements: ScriptStatement[]): void {
  checkBlock(statements, false)
}

/** Only a script and a BEGIN … END may begin with declarations. */
function checkBlock(statements: ScriptStatement[], isInLoop: boolean): void {
  const declared = statements.findIndex(({ kind }) => kind !== 'declare')
  checkList(declared === -1 ? [] : statements.slice(declared), isInLoop)
}

function checkList(statements: ScriptStatement[], isInLoop: boolean): void {
  for (const statement of statements) check(statement, isInLoop)
}

function check(statement: ScriptStatement, isInLoop: boolean): void {
  switch (statement.kind) {
    case 'declare':
      throw refused(
        'Variable declarations are allowed only at the start of a block or script',
        statement,
      )
    case 'break':
    case 'continue': {
      if (isInLoop || statement.label !== undefined) return
      const keyword = /^\w+/.exec(statement.text)?.[0].toUpperCase() ?? ''
      const without = statement.kind === 'break' ? ' without label' : ''
      throw refused(`${keyword}${without} is only allowed inside of a loop body`, statement)
    }
    case 'if':
    case 'case':
      for (const { body } of statement.branches) checkList(body, isInLoop)
      return checkList(statement.otherwise, isInLoop)
    case 'loop':
    case 'while':
    case 'repeat':
    case 'for':
      return checkList(statement.body, true)
    case 'block':
      checkBlock(statement.body, isInLoop)
      return checkList(statement.exceptionHandler ?? [], isInLoop)
  }
}

function refused(words: string, { position: { line, column } }: ScriptText): BigQueryError {
  return new BigQueryError('invalidQuery', `${words} at [${line}:${column}]`, { location: 'query' })
}
