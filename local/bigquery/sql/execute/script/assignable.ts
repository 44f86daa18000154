import type { ScalarKind, SqlType } from '../../analyzer/sql-type.ts'
import { typeName } from '../../analyzer/sql-type.ts'

const wider: Partial<Record<string, ScalarKind[]>> = {
  INT64: ['NUMERIC', 'BIGNUMERIC', 'FLOAT64'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
  DATE: ['DATETIME'],
}
const ofTextLiterals: ScalarKind[] = ['DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'BYTES', 'JSON']

/** Whether a value of one type may be assigned to a variable of another: GoogleSQL's coercions. */
export function isAssignable(from: SqlType, to: SqlType, expression: string): boolean {
  if (typeName(from) === typeName(to)) return true
  // Untyped, both take the type that is wanted.
  if (/^[\s(]*NULL[\s)]*$/i.test(expression)) return true
  if (to.kind === 'ARRAY' && /^[\s(]*\[\s*\][\s)]*$/.test(expression)) return true
  if (wider[from.kind]?.some((kind) => kind === to.kind)) return true
  const isText = /^[\s(]*(?:'[^']*'|"[^"]*")[\s)]*$/.test(expression)
  if (isText && from.kind === 'STRING') return ofTextLiterals.some((kind) => kind === to.kind)
  const isDecimal = /^[\s(]*-?\d*\.\d+[\s)]*$/.test(expression)
  if (isDecimal && from.kind === 'FLOAT64') return to.kind === 'NUMERIC' || to.kind === 'BIGNUMERIC'
  if (from.kind !== 'STRUCT' || to.kind !== 'STRUCT') return false
  return (
    from.fields.length === to.fields.length &&
    from.fields.every(({ type }, index) => {
      const wanted = to.fields[index]
      return wanted !== undefined && isAssignable(type, wanted.type, '')
    })
  )
}
