import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { Call } from './rule.ts'

/**
 * SAFE.f(…): an error of f itself is NULL, an error of its arguments stays one. Arguments that may
 * fail are therefore evaluated before, outside of TRY.
 */
export function printSafe(sql: string, call: Call): string {
  const tried = `TRY(${sql})`
  const fallible = call.nodes.flatMap((node, index) =>
    isSurelyFine(node) ? [] : [call.arg(index)],
  )
  if (fallible.length === 0) return tried
  const evaluated = fallible.map((argument) => `WHEN ${argument} IS NULL THEN ${tried}`)
  return `CASE ${evaluated.join(' ')} ELSE ${tried} END`
}

const plainKinds = new Set(['Literal', 'ColumnRef', 'Parameter', 'Constant', 'GetJsonField'])

function isSurelyFine(node: ResolvedNode): boolean {
  return plainKinds.has(node.kind)
}
