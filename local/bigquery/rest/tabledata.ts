import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog, Moment } from '../catalog/catalog.ts'
import { holdsRows } from '../catalog/tables.ts'
import { encodeRow } from '../database/encode-wire.ts'
import { identifier, tableName } from '../database/names.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { pageOf } from './paging.ts'
import { pageOfRows, timestampEncoder, timestampFormatOf } from './result-rows.ts'
import { selectFields } from './selected-fields.ts'
import { existing, referenceOf } from './tables.ts'

/** `tabledata.list`. */
export function tableDataRoutes(catalog: Catalog): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/projects/:project/datasets/:dataset/tables/:table/data',
      handler: (request) => catalog.read((moment) => listRows(moment, request)),
    },
  ]
}

/** No page holds more, whatever was asked for: rows are read before their size is known. */
const maxRows = 50_000

async function listRows({ connection, catalog }: Moment, request: ApiRequest): Promise<ApiReply> {
  const { query } = request
  const table = existing(catalog, referenceOf(request))
  if (!holdsRows(table.type)) {
    throw new BigQueryError('invalid', `Cannot list a table of type ${table.type}.`)
  }
  const name = tableName(table.tableReference)
  const { fields } = table.schema
  const selection = selectFields(fields, query.get('selectedFields'))
  const format = timestampEncoder(selection.fields, timestampFormatOf(query))
  const { start, count } = pageOf(query)

  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${name}`)
  const total = Number(counted.getRows()[0]?.[0] ?? 0)
  const limit = Math.min(count, maxRows)
  const columns = fields.map((field) => identifier(field.name)).join(', ')
  const read = await connection.runAndReadAll(
    `SELECT ${columns || '1'} FROM ${name} LIMIT ${limit} OFFSET ${start}`,
  )
  const rows = read.getRows()
  const page = pageOfRows(
    {
      count: total,
      read: (from, length) =>
        rows.slice(from - start, from - start + length).map((row) => encodeRow(row, fields)),
    },
    { start, count: limit },
    (row) => format(selection.cut(row)),
  )
  return {
    body: {
      kind: 'bigquery#tableDataList',
      etag: table.etag,
      totalRows: String(total),
      ...page,
    },
  }
}
