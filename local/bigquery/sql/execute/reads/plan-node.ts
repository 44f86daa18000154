import { flatten } from '../../analyzer/flat-message.ts'

/** A node of the resolved tree for analyses of the whole plan, which print nothing. */
export type PlanNode = {
  kind: string
  fields: Record<string, unknown>
  /** The node as it came. */
  message: unknown
}

export function planNode(message: unknown, kind = ''): PlanNode {
  const { name, fields } = flatten(message)
  return { kind: name.replace(/^resolved/, '') || kind, fields, message }
}

export function childOf({ fields }: PlanNode, name: string, kind = ''): PlanNode | undefined {
  const value = fields[name]
  return value === undefined || value === null ? undefined : planNode(value, kind)
}

export function childrenOf({ fields }: PlanNode, name: string): PlanNode[] {
  const value = fields[name]
  return Array.isArray(value) ? value.map((item) => planNode(item)) : []
}

export function textOf({ fields }: PlanNode, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** A column's number, which no other column of the statement has. */
export function columnId(column: unknown): string {
  return String((column as { columnId?: unknown } | undefined)?.columnId ?? '')
}

export function columnsOf(
  { fields }: PlanNode,
  name = 'columnList',
): { id: string; name: string }[] {
  const value = fields[name]
  if (!Array.isArray(value)) return []
  return value.map((column: { name?: string }) => ({
    id: columnId(column),
    name: column.name ?? '',
  }))
}

/** Every node at or below this one. */
export function* nodesIn(value: unknown): Generator<PlanNode> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item)
    return
  }
  const isNode = 'node' in value || 'parent' in value
  const node = isNode ? planNode(value) : undefined
  if (node) yield node
  for (const child of Object.values(node?.fields ?? value)) yield* nodesIn(child)
}
