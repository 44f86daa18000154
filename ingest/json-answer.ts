/** A field of an answer of which nothing is known; undefined where there is none. */
export function fieldAt(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

/** A list in such an answer; empty where there is none. */
export function listAt(value: unknown, key: string): unknown[] {
  const list = fieldAt(value, key)
  return Array.isArray(list) ? list : []
}
