import type { NewObject } from '../../../catalog/catalog-draft.ts'
import type { Table } from '../../../catalog/resources.ts'
import { ingestionColumns } from '../../../database/column-type.ts'
import { identifier, tableName } from '../../../database/names.ts'
import { storedValue } from './stored-value.ts'
import type { WriteWork } from '../work.ts'

/** Adds the rows of a printed query, whose columns `o0`, `o1` … stand in the order of the table's. */
export async function insertRows(
  { connection, time }: WriteWork,
  table: NewObject<Table>,
  query: string,
  partitionedBy = time,
): Promise<void> {
  const { tableReference, schema } = table
  const values = schema.fields.map((field, index) => storedValue(`o${index}`, field))
  const columns = schema.fields.map(({ name }) => identifier(name))
  const hidden = ingestionColumns(table, partitionedBy)
  columns.push(...hidden.names)
  values.push(...hidden.values)
  await connection.run(
    `INSERT INTO ${tableName(tableReference)} (${columns.join(', ')}) ` +
      `SELECT ${values.join(', ')} FROM (${query})`,
  )
}
