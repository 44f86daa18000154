import type { FieldMask } from './messages.ts'
import { invalidArgument } from './status-error.ts'

type Change<T> = {
  kind: string
  before: T
  change: T
  mask: FieldMask | undefined
  /** Fields that Google's service lets nobody change. */
  immutable: string[]
}

/** The resource with the fields of the mask taken from the change, also those that are unset there. */
export function applyMask<T extends object>({
  kind,
  before,
  change,
  mask,
  immutable,
}: Change<T>): T {
  const paths = mask?.paths ?? []
  if (paths.length === 0) {
    throw invalidArgument(
      'The update_mask in the request must be set, and must contain a valid path.',
    )
  }
  const after = structuredClone(before)
  for (const path of paths) {
    const fields = path.split('.').map(camelCase)
    if (immutable.includes(fields[0] ?? '')) {
      throw invalidArgument(
        `Invalid update_mask provided in the request: the field '${path}' of a ${kind} cannot be changed.`,
      )
    }
    copyField(after, change, fields)
  }
  return after
}

function copyField(target: object, source: object, [field = '', ...rest]: string[]): void {
  const value: unknown = Reflect.get(source, field)
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(target, field)
    else Reflect.set(target, field, value)
    return
  }
  const inner: unknown = Reflect.get(target, field)
  const next = isObject(inner) ? inner : {}
  Reflect.set(target, field, next)
  copyField(next, isObject(value) ? value : {}, rest)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
