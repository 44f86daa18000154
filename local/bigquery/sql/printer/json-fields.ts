import type { ResolvedNode } from '../analyzer/resolved-node.ts'

/** The value at the root of `payload.a.b` and the path from it, with DuckDB's quoting. */
export function jsonPathOf(node: ResolvedNode): { root: ResolvedNode; path: string } {
  const keys: string[] = []
  let root = node
  while (root.kind === 'GetJsonField') {
    root.ignore('type', 'typeAnnotationMap')
    keys.unshift(root.text('fieldName'))
    root = root.node('expr')
  }
  return { root, path: `$${keys.map(pathStep).join('')}` }
}

/** DuckDB unescapes nothing inside the quotes but a quote itself. */
export function pathStep(key: string): string {
  return `."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
