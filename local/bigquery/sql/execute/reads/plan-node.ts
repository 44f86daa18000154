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

/** Every node at or below this one, each before what it holds. */
export function* nodesIn(value: unknown): Generator<PlanNode> {
  // Generators within generators would hand each node up through all levels above it.
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null || next instanceof Uint8Array) continue
    const isNode = 'node' in next || 'parent' in next
    const node = isNode ? planNode(next) : undefined
    if (node) yield node
    const children: unknown[] = Array.isArray(next) ? next : Object.values(node?.fields ?? next)
    for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index])
  }
}
