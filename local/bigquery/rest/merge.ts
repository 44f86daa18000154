import { isObject } from '../is-object.ts'

/**
 * A resource after a PATCH: what is given replaces, null removes, what is left out stays. Maps such as
 * labels are merged key by key, lists are replaced whole.
 */
export function merged<T extends object>(before: T, patch: Record<string, unknown>): T {
  const after = { ...before } as Record<string, unknown>
  for (const [name, value] of Object.entries(patch)) {
    const old = after[name]
    if (value === null) delete after[name]
    else if (isObject(value)) after[name] = merged(isObject(old) ? old : {}, value)
    else after[name] = value
  }
  return after as T
}
