/** How a statement of a script ended: the next one follows, or a loop or the whole body ends. */
export type Flow =
  { kind: 'next' } | { kind: 'break' | 'continue'; label: string | undefined } | { kind: 'return' }

export const next: Flow = { kind: 'next' }

/** What a loop makes of how its body ended: go on, or end with this. */
export function afterIteration(flow: Flow, label: string | undefined): Flow | undefined {
  if (flow.kind === 'next') return undefined
  if (flow.kind === 'return') return flow
  const isOurs = flow.label === undefined || flow.label.toLowerCase() === label?.toLowerCase()
  if (!isOurs) return flow
  return flow.kind === 'break' ? next : undefined
}
