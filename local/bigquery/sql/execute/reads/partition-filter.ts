import { BigQueryError } from '../../../bigquery-error.ts'
import { ingestionTime } from '../../../database/column-type.ts'
import type { Table } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { planNode } from './plan-node.ts'
import { filteredReads, type FilteredRead } from './pushed-filters.ts'
import type { Relations } from '../relations.ts'

/**
 * Refuses a statement that reads a table, or changes one, without the filter that the table demands;
 * gives what limits each reading.
 */
export function requirePartitionFilters(
  statement: ResolvedNode,
  relations: Relations,
): FilteredRead[] {
  const reads = filteredReads(planNode(statement.source), relations)
  for (const read of reads) if (read.table.requirePartitionFilter) requireFilter(read)
  return reads
}

function requireFilter({ table, filters }: FilteredRead): void {
  const columns = partitionColumns(table)
  const wanted = new Set(columns.map((name) => name.toLowerCase()))
  if (filters.some((filter) => filter.columns.every((name) => wanted.has(name.toLowerCase()))))
    return

  const { datasetId, tableId } = table.tableReference
  const names = columns.map((name) => `'${name}'`).join(', ')
  throw new BigQueryError(
    'invalidQuery',
    `Cannot query over table '${datasetId}.${tableId}' without a filter over column(s) ${names} ` +
      'that can be used for partition elimination',
    { location: 'query' },
  )
}

function partitionColumns({ timePartitioning, rangePartitioning }: Table): string[] {
  const field = timePartitioning?.field ?? rangePartitioning?.field
  return field === undefined ? ['_PARTITION_LOAD_TIME', '_PARTITIONDATE', ingestionTime] : [field]
}
