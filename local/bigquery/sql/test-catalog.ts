import type { Field, Routine, Table } from '../catalog/resources.ts'
import type { CatalogSnapshot } from './analyzer/catalog-snapshot.ts'

export const projectId = 'shop-events'

/** A catalog of tables for tests, each given as `dataset.table` with its columns. */
export function testCatalog(
  columns: Record<string, Field[]>,
  routines: Routine[] = [],
): CatalogSnapshot {
  const tables = new Map(
    Object.entries(columns).map(([name, fields]) => [name, table(name, fields)]),
  )
  const datasets = new Set([...tables.keys()].map((name) => name.split('.')[0]))
  return {
    version: 1,
    location: 'US',
    hasDataset: ({ datasetId }) => datasets.has(datasetId),
    table: ({ datasetId, tableId }) => tables.get(`${datasetId}.${tableId}`),
    routines: () => routines,
  }
}

function table(name: string, fields: Field[]): Table {
  const [datasetId = '', tableId = ''] = name.split('.')
  return {
    tableReference: { projectId, datasetId, tableId },
    type: 'TABLE',
    schema: { fields },
    location: 'US',
    creationTime: '0',
    lastModifiedTime: '0',
    etag: 'test',
  }
}
