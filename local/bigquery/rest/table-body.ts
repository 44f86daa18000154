import { notSupported } from '../bigquery-error.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import { schemaOf } from '../catalog/parse-schema.ts'
import type { Table, TableReference } from '../catalog/resources.ts'
import { requireRoundingMode } from '../catalog/rounding-mode.ts'
import { withFilterOutside } from '../catalog/table-defaults.ts'
import { requireWholeNumbers } from '../jobs/references.ts'
import { requireKnownNames, words, type Names } from '../known-names.ts'

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

/** What the server says of a table comes back in requests of clients that send a resource whole. */
const names: Names = {
  known: [
    ...changeable,
    ...words(
      'kind etag id selfLink tableReference type location schema model creationTime ' +
        'lastModifiedTime streamingBuffer numPartitions numRows view materializedView ' +
        'materializedViewStatus defaultRoundingMode snapshotDefinition cloneDefinition ' +
        'replicas restrictions numBytes numPhysicalBytes numLongTermBytes ' +
        'numTimeTravelPhysicalBytes numTotalLogicalBytes numActiveLogicalBytes ' +
        'numLongTermLogicalBytes numTotalPhysicalBytes numActivePhysicalBytes ' +
        'numLongTermPhysicalBytes numCurrentPhysicalBytes',
    ),
  ],
  refused: [
    'biglakeConfiguration',
    'encryptionConfiguration',
    'externalCatalogTableOptions',
    'externalDataConfiguration',
    'managedTableType',
    'partitionDefinition',
    'resourceTags',
    'tableReplicationInfo',
  ],
}

/** The table that a request describes; of what it does not say, nothing. */
export function changeableOf(given: Record<string, unknown>): Record<string, unknown> {
  requireKnownNames(given, names, 'tables')
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
