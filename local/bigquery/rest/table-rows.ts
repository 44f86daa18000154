import { BigQueryError } from '../bigquery-error.ts'
import type { Moment } from '../catalog/catalog.ts'
import { existing } from '../catalog/find-table.ts'
import { partitionOf, withoutDecorator } from '../catalog/partition-decorator.ts'
import type { Field, Table, TableReference } from '../catalog/resources.ts'
import { nameOf } from '../catalog/not-found.ts'
import { localUser, rowFilters } from '../catalog/row-access.ts'
import { holdsRows } from '../catalog/tables.ts'
import { encodeRow } from '../database/encode-wire.ts'
import { livingRows } from '../database/expired-partitions.ts'
import { identifier } from '../database/names.ts'
import { runForValues } from '../database/result-rows.ts'
import type { WireRow } from '../sql/sql-engine.ts'
import type { Page } from './paging.ts'
import { pageOfRows } from './result-rows.ts'

export type TableRows = { table: Table; totalRows: string; rows?: WireRow[]; pageToken?: string }

/** No page holds more, whatever was asked for: rows are read before their size is known. */
const maxRows = 50_000

/** A page of a stored table, or of one partition of it (`t$20250208`), read while nobody changes it. */
export async function pageOfTable(
  { connection, catalog }: Moment,
  { reference: named, caller = localUser }: { reference: TableReference; caller?: string },
  { start, count }: Page,
  encoderOf: (fields: Field[]) => (row: WireRow) => WireRow,
): Promise<TableRows> {
  const { reference, partition } = withoutDecorator(named)
  const table = existing(catalog, reference)
  if (!holdsRows(table.type)) {
    throw new BigQueryError('invalid', `Cannot list a table of type ${table.type}.`)
  }
  if (rowFilters(table, caller)) throw notAllRows(table)
  const living = livingRows(table, catalog.now())
  const part = partition === undefined ? undefined : partitionOf(table, partition)
  const name = part ? `(FROM ${living} WHERE ${part.condition})` : living
  const { fields } = table.schema

  const [[counted] = []] = await runForValues(connection, `SELECT count(*) FROM ${name}`)
  const total = Number(counted)
  const limit = Math.min(count, maxRows)
  const columns = fields.map((field) => identifier(field.name)).join(', ')
  const rows = await runForValues(
    connection,
    `SELECT ${columns || '1'} FROM ${name} LIMIT ${limit} OFFSET ${start}`,
  )
  const page = pageOfRows(
    {
      count: total,
      read: (from, length) =>
        rows.slice(from - start, from - start + length).map((row) => encodeRow(row, fields)),
    },
    { start, count: limit },
    encoderOf(fields),
  )
  return { table, totalRows: String(total), ...page }
}

function notAllRows({ tableReference }: Table): BigQueryError {
  const name = nameOf(tableReference)
  const message = `User does not have full access for table ${name} due to row access policies.`
  return new BigQueryError('accessDenied', `Access Denied: Table ${name}: ${message}`)
}
