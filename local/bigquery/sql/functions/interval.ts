import { notSupported } from '../../bigquery-error.ts'
import { printExpression } from '../printer/expressions.ts'
import { type DatePart, printPart } from './date-part.ts'
import type { Call } from './rule.ts'

/** `INTERVAL n part` as an operand; intervals as values are not kept. */
export function readInterval(call: Call, index: number): { amount: string; part: DatePart } {
  const node = call.nodes[index]
  if (node?.kind !== 'FunctionCall') throw notSupported('INTERVAL as a value')
  const { name } = node.message('function') as { name: string }
  const [amount, part] = node.nodes('argumentList')
  if (name !== 'ZetaSQL:$interval' || !amount) throw notSupported('INTERVAL as a value')
  node.ignore('type', 'typeAnnotationMap', 'errorMode')
  return { amount: printExpression(amount, call.scope), part: printPart(part) }
}
