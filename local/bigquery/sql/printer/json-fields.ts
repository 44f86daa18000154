import type { ResolvedNode } from '../analyzer/resolved-node.ts'

/** A key of an object or a place in an array. */
export type JsonStep = string | number

/** The value at the root of `payload.a.b` and the way from it. */
export function jsonPathOf(node: ResolvedNode): { root: ResolvedNode; steps: JsonStep[] } {
  const steps: JsonStep[] = []
  let root = node
  while (root.kind === 'GetJsonField') {
    root.ignore('type', 'typeAnnotationMap')
    steps.unshift(root.text('fieldName'))
    root = root.node('expr')
  }
  return { root, steps }
}

/** A path as DuckDB spells it. */
export function pathText(steps: JsonStep[]): string {
  return `$${steps.map(stepText).join('')}`
}

/** DuckDB unescapes nothing inside the quotes but a quote itself. */
function stepText(step: JsonStep): string {
  if (typeof step === 'number') return `[${step}]`
  return `."${step.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
