import { BigQueryError } from '../bigquery-error.ts'
import { nameOf } from '../catalog/not-found.ts'
import type { Table, TableReference } from '../catalog/resources.ts'

const operations = ['COPY', 'SNAPSHOT', 'CLONE', 'RESTORE'] as const
export type CopyOperation = (typeof operations)[number]

/** What kind of copy a job is. */
export function operationOf({ operationType = 'COPY' }: Record<string, unknown>): CopyOperation {
  const found = operations.find((name) => name === operationType)
  if (found) return found
  throw new BigQueryError('invalid', `Invalid value for operationType: ${String(operationType)}`, {
    location: 'operationType',
  })
}

/** Snapshots are for reading only: a table is made of one by RESTORE. */
export function requireSource({ tableReference, type }: Table, operation: CopyOperation): void {
  if (type === (operation === 'RESTORE' ? 'SNAPSHOT' : 'TABLE') || type === 'CLONE') return
  throw new BigQueryError(
    'invalid',
    `${nameOf(tableReference)} is not allowed for this operation because it is currently a ${type.replace('_', ' ')}.`,
  )
}

/** What makes a table a snapshot or a clone of another. */
export function definitionOf(
  operation: CopyOperation,
  baseTableReference: TableReference,
  ms: number,
): Partial<Pick<Table, 'type' | 'snapshotDefinition' | 'cloneDefinition'>> {
  const time = new Date(ms).toISOString()
  if (operation === 'CLONE') return { cloneDefinition: { baseTableReference, cloneTime: time } }
  if (operation !== 'SNAPSHOT') return {}
  return { type: 'SNAPSHOT', snapshotDefinition: { baseTableReference, snapshotTime: time } }
}
