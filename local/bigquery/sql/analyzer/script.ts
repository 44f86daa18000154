import type { Position } from './analyzer.ts'

/** A piece of a script and where it begins. */
export type ScriptText = { text: string; position: Position }

/** A statement of a script; expressions and SQL statements stay text, to be analysed when they run. */
export type ScriptStatement = ScriptText &
  (
    | {
        kind: 'sql'
        /** GoogleSQL's name of the syntax: `Query`, `Merge`, `CreateTable` … */ syntax: string
      }
    | { kind: 'declare'; names: string[]; type?: ScriptText; defaultValue?: ScriptText }
    | { kind: 'set'; variables: string[]; value: ScriptText }
    | { kind: 'setFromStruct'; variables: string[]; value: ScriptText }
    | { kind: 'setSystemVariable'; path: string[]; value: ScriptText }
    | {
        kind: 'if'
        branches: { condition: ScriptText; body: ScriptStatement[] }[]
        otherwise: ScriptStatement[]
      }
    | {
        kind: 'case'
        operand?: ScriptText
        branches: { condition: ScriptText; body: ScriptStatement[] }[]
        otherwise: ScriptStatement[]
      }
    | { kind: 'loop'; body: ScriptStatement[]; label?: string }
    | { kind: 'while'; condition: ScriptText; body: ScriptStatement[]; label?: string }
    | { kind: 'repeat'; body: ScriptStatement[]; until: ScriptText; label?: string }
    | { kind: 'for'; variable: string; query: ScriptText; body: ScriptStatement[]; label?: string }
    | { kind: 'break' | 'continue'; label?: string }
    | {
        kind: 'block'
        body: ScriptStatement[]
        exceptionHandler?: ScriptStatement[]
        label?: string
      }
    | { kind: 'return' }
    | { kind: 'raise'; message?: ScriptText }
    | {
        kind: 'executeImmediate'
        sql: ScriptText
        into: string[]
        using: { value: ScriptText; name?: string }[]
      }
    | { kind: 'call'; procedure: string[]; arguments: ScriptText[] }
  )
