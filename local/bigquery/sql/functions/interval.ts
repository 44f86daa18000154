import { printExpression } from '../printer/expressions.ts'
import { type DatePart, printPart } from './date-part.ts'
import type { Call } from './rule.ts'

/** The two parts of `INTERVAL n part` as an operand; undefined where it is any other interval. */
export function readInterval(
  call: Call,
  index: number,
): { amount: string; part: DatePart } | undefined {
  const node = call.nodes[index]
  if (node?.kind !== 'FunctionCall') return undefined
  const { name } = node.message('function') as { name: string }
  const [amount, part] = node.nodes('argumentList')
  if (name !== 'ZetaSQL:$interval' || !amount) return undefined
  node.ignore('type', 'typeAnnotationMap', 'errorMode')
  return { amount: printExpression(amount, call.scope), part: printPart(part) }
}
