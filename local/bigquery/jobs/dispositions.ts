import { BigQueryError } from '../bigquery-error.ts'

const writes = ['WRITE_EMPTY', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA', 'WRITE_APPEND'] as const
const creates = ['CREATE_IF_NEEDED', 'CREATE_NEVER'] as const

export type WriteDisposition = (typeof writes)[number]
export type CreateDisposition = (typeof creates)[number]

/** What becomes of the rows that a target has already, where the request says nothing `otherwise`. */
export function writeDispositionOf(
  { writeDisposition = '' }: Record<string, unknown>,
  otherwise: WriteDisposition,
): WriteDisposition {
  return oneOf(writes, writeDisposition, 'writeDisposition') ?? otherwise
}

/** Whether a target that is missing is made. */
export function createDispositionOf({
  createDisposition = '',
}: Record<string, unknown>): CreateDisposition {
  return oneOf(creates, createDisposition, 'createDisposition') ?? 'CREATE_IF_NEEDED'
}

function oneOf<T extends string>(
  allowed: readonly T[],
  given: unknown,
  name: string,
): T | undefined {
  if (given === '') return undefined
  const found = allowed.find((value) => value === given)
  if (found) return found
  throw new BigQueryError('invalid', `Invalid value for ${name}: ${String(given)}`, {
    location: name,
  })
}
