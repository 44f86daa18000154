import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog, Moment } from '../catalog/catalog.ts'
import { holdsRows } from '../catalog/tables.ts'
import { encodeRow } from '../database/encode-wire.ts'
import { livingRows } from '../database/expired-partitions.ts'
import { identifier } from '../database/names.ts'
import { jobOfAnonymousTable } from '../jobs/anonymous-table.ts'
import type { JobStore } from '../jobs/job-store.ts'
import { etagOf } from '../jobs/job-resource.ts'
import type { Job } from '../jobs/job.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { pageOf } from './paging.ts'
import { pageOfRows, timestampEncoder, timestampFormatOf } from './result-rows.ts'
import { resultOf } from './queries.ts'
import { selectFields } from './selected-fields.ts'
import { existing } from '../catalog/find-table.ts'
import { referenceOf } from './tables.ts'

/** `tabledata.list`, of stored tables and of the results that queries leave. */
export function tableDataRoutes(catalog: Catalog, jobs: JobStore): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/projects/:project/datasets/:dataset/tables/:table/data',
      handler(request) {
        const job = jobOfAnonymousTable(referenceOf(request), jobs)
        if (!job) return catalog.read((moment) => listRows(moment, request))
        jobs.touch(job)
        return listResult(job, request)
      },
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
  const name = livingRows(table, catalog.now())
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

function listResult(job: Job, { query }: ApiRequest): ApiReply {
  const { schema = [], rows } = resultOf(job)
  const selection = selectFields(schema, query.get('selectedFields'))
  const format = timestampEncoder(selection.fields, timestampFormatOf(query))
  const page = rows && pageOfRows(rows, pageOf(query), (row) => format(selection.cut(row)))
  return {
    body: {
      kind: 'bigquery#tableDataList',
      etag: etagOf(job),
      totalRows: String(rows?.count ?? 0),
      ...page,
    },
  }
}
