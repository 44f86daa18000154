import { notSupported } from '../bigquery-error.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import { schemaOf } from '../catalog/parse-schema.ts'
import type { Table, TableReference } from '../catalog/resources.ts'
import { requireRoundingMode } from '../catalog/rounding-mode.ts'
import { withFilterOutside } from '../catalog/table-defaults.ts'
import { requireWholeNumbers } from '../whole-number.ts'
import { refuseNames } from '../refused-names.ts'

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

const refused = [
  'biglakeConfiguration',
  'encryptionConfiguration',
  'externalCatalogTableOptions',
  'externalDataConfiguration',
  'managedTableType',
  'partitionDefinition',
  'resourceTags',
  'tableReplicationInfo',
]

/** The table that a request describes; of what it does not say, nothing. */
export function changeableOf(given: Record<string, unknown>): Record<string, unknown> {
  refuseNames(given, refused, 'tables')
  const body = withFilterOutside(given)
  if (body.defaultCollation) throw notSupported('collation')
  requireRoundingMode(body.defaultRoundingMode)
  requireWholeNumbers(body, ['expirationTime'])
  const settings = changeable.filter((name) => body[name] !== undefined)
  return Object.fromEntries(settings.map((name) => [name, body[name]]))
}

export function newTable(
  body: Record<string, unknown>,
  tableReference: TableReference,
  location: string,
): NewObject<Table> {
  return {
    ...changeableOf(body),
    tableReference,
    type: 'TABLE',
    schema: schemaOf(body.schema),
    location,
  }
}
