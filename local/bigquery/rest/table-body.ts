import { notSupported } from '../bigquery-error.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import { schemaOf } from '../catalog/parse-schema.ts'
import type { Table, TableReference } from '../catalog/resources.ts'

/** What clients may set and change; the rest of a table is the server's. */
const changeable = [
  'description',
  'friendlyName',
  'labels',
  'expirationTime',
  'timePartitioning',
  'rangePartitioning',
  'requirePartitionFilter',
  'clustering',
  'defaultCollation',
  'maxStaleness',
  'tableConstraints',
] as const

/** The table that a request describes; of what it does not say, nothing. */
export function changeableOf(body: Record<string, unknown>): Record<string, unknown> {
  if (body.defaultCollation) throw notSupported('collation')
  const given = changeable.filter((name) => body[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, body[name]]))
}

export function newTable(
  body: Record<string, unknown>,
  tableReference: TableReference,
  location: string,
): NewObject<Table> {
  refuseUnknownKinds(body)
  return {
    ...changeableOf(body),
    tableReference,
    type: 'TABLE',
    schema: schemaOf(body.schema),
    location,
  }
}

function refuseUnknownKinds(body: Record<string, unknown>): void {
  const kinds = ['externalDataConfiguration', 'biglakeConfiguration', 'encryptionConfiguration']
  const kind = kinds.find((name) => body[name] !== undefined)
  if (kind !== undefined) throw notSupported(`tables with ${kind}`)
}
