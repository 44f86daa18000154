import type { ResolvedNode } from '../analyzer/resolved-node.ts'

/** Whether an expression or a scan mentions any of these columns. */
export function usesAny({ source }: ResolvedNode, columns: ReadonlySet<string>): boolean {
  if (columns.size === 0) return false
  const ids = JSON.stringify(source).matchAll(/"columnId":"(\d+)"/g)
  return ids.some(([, id = '']) => columns.has(id))
}

export function holdsSubquery({ source }: ResolvedNode): boolean {
  return JSON.stringify(source).includes('resolvedSubqueryExprNode')
}
