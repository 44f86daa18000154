import type { NewObject } from '../../catalog/catalog-draft.ts'
import type { Table } from '../../catalog/resources.ts'
import { ingestionTime } from '../../database/column-type.ts'
import { identifier, tableName } from '../../database/names.ts'
import { timestampLiteral } from './literal.ts'
import { storedValue } from './stored-value.ts'
import type { WriteWork } from './work.ts'

/** Adds the rows of a printed query, whose columns `o0`, `o1` … stand in the order of the table's. */
export async function insertRows(
  { connection, time }: WriteWork,
  { tableReference, schema, timePartitioning }: NewObject<Table>,
  query: string,
): Promise<void> {
  const values = schema.fields.map((field, index) => storedValue(`o${index}`, field))
  const columns = schema.fields.map(({ name }) => identifier(name))
  if (timePartitioning && timePartitioning.field === undefined) {
    columns.push(identifier(ingestionTime))
    values.push(ingestionPartition(timePartitioning.type, time))
  }
  await connection.run(
    `INSERT INTO ${tableName(tableReference)} (${columns.join(', ')}) ` +
      `SELECT ${values.join(', ')} FROM (${query})`,
  )
}

/** The partition in which rows land that come at this time. */
export function ingestionPartition(unit: 'HOUR' | 'DAY' | 'MONTH' | 'YEAR', time: bigint): string {
  return `date_trunc('${unit.toLowerCase()}', ${timestampLiteral(time)})`
}
