import type { Table } from '../catalog/resources.ts'
import { ingestionTime } from './column-type.ts'
import { identifier } from './names.ts'

const formats = { HOUR: '%Y%m%d%H', DAY: '%Y%m%d', MONTH: '%Y%m', YEAR: '%Y' }

/** DuckDB's expression for the id of a row's partition, as in `table$20250208`; undefined where there are none. */
export function partitionId({
  timePartitioning,
  rangePartitioning,
}: Pick<Table, 'timePartitioning' | 'rangePartitioning'>): string | undefined {
  if (timePartitioning) {
    const column = identifier(timePartitioning.field ?? ingestionTime)
    const format = formats[timePartitioning.type]
    return `coalesce(strftime(${column}, '${format}'), '__NULL__')`
  }
  if (!rangePartitioning) return undefined
  const { field, range } = rangePartitioning
  const column = identifier(field)
  const { start, end, interval } = range
  const first = `${start} + (${column} - ${start}) // ${interval} * ${interval}`
  return (
    `CASE WHEN ${column} IS NULL THEN '__NULL__' ` +
    `WHEN ${column} < ${start} OR ${column} >= ${end} THEN '__UNPARTITIONED__' ` +
    `ELSE CAST(${first} AS VARCHAR) END`
  )
}
