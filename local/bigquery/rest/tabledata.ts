import type { Catalog, Moment } from '../catalog/catalog.ts'
import { jobOfAnonymousTable } from '../jobs/anonymous-table.ts'
import type { JobStore } from '../jobs/job-store.ts'
import { etagOf } from '../jobs/job-resource.ts'
import type { Job } from '../jobs/job.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { callerOf } from './caller.ts'
import { pageOf } from './paging.ts'
import { pageOfRows, timestampEncoder, timestampFormatOf } from './result-rows.ts'
import { resultOf } from './queries.ts'
import { selectFields } from './selected-fields.ts'
import { pageOfTable } from './table-rows.ts'
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

async function listRows(moment: Moment, request: ApiRequest): Promise<ApiReply> {
  const { query } = request
  const { table, ...page } = await pageOfTable(
    moment,
    { reference: referenceOf(request), ...callerOf(request.headers) },
    pageOf(query),
    (fields) => {
      const selection = selectFields(fields, query.get('selectedFields'))
      const format = timestampEncoder(selection.fields, timestampFormatOf(query))
      return (row) => format(selection.cut(row))
    },
  )
  return { body: { kind: 'bigquery#tableDataList', etag: table.etag, ...page } }
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
