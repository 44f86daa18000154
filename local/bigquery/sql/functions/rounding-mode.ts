import { notSupported } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import type { Call } from './rule.ts'

/** GoogleSQL's numbers of the rounding modes. */
const halfAwayFromZero = 1
const halfToEven = 2

/** Whether ROUND's third argument asks for the even one of two equally near numbers. */
export function roundsHalfToEven({ nodes: [, , node] }: Call): boolean {
  if (node === undefined) return false
  const mode = node.kind === 'Literal' ? literalValue(node).enumValue : undefined
  if (mode !== halfAwayFromZero && mode !== halfToEven) {
    throw notSupported('ROUND with a rounding mode that is no literal')
  }
  node.ignore('type')
  return mode === halfToEven
}
