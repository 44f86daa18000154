import { listValue, structValue, type DuckDBValue } from '@duckdb/node-api'
import { notSupported } from '../../../bigquery-error.ts'
import type { Field, TableReference } from '../../../catalog/resources.ts'
import { fieldsOf, timeValue, type InformationTable, type Row } from './information-table.ts'
import type { JobRecord } from './jobs-port.ts'

const tableFields = fieldsOf({ project_id: 'STRING', dataset_id: 'STRING', table_id: 'STRING' })

function record(name: string, fields: Field[], mode: Field['mode'] = 'NULLABLE'): Field {
  return { name, type: 'RECORD', mode, fields }
}

/** JOBS, also by project and by user: a row for each job that is remembered. */
export const jobs: InformationTable = {
  fields: [
    ...fieldsOf({
      creation_time: 'TIMESTAMP',
      project_id: 'STRING',
      user_email: 'STRING',
      job_id: 'STRING',
      job_type: 'STRING',
      statement_type: 'STRING',
      priority: 'STRING',
      start_time: 'TIMESTAMP',
      end_time: 'TIMESTAMP',
      query: 'STRING',
      state: 'STRING',
      reservation_id: 'STRING',
      total_bytes_processed: 'INTEGER',
      total_slot_ms: 'INTEGER',
      cache_hit: 'BOOLEAN',
      total_bytes_billed: 'INTEGER',
      parent_job_id: 'STRING',
    }),
    record(
      'error_result',
      fieldsOf({
        reason: 'STRING',
        location: 'STRING',
        debug_info: 'STRING',
        message: 'STRING',
      }),
    ),
    record('destination_table', tableFields),
    record('referenced_tables', tableFields, 'REPEATED'),
    record('labels', fieldsOf({ key: 'STRING', value: 'STRING' }), 'REPEATED'),
  ],
  unknown: ['total_slot_ms'],
  rows({ session }, { projectId }) {
    const { jobs: port } = session.parts
    if (!port) throw notSupported('INFORMATION_SCHEMA.JOBS')
    return port.jobs(projectId).map(jobRow)
  },
}

function jobRow(job: JobRecord): Row {
  const { errorResult, destinationTable, endTime, labels = {} } = job
  return {
    creation_time: timeValue(job.creationTime),
    project_id: job.projectId,
    user_email: job.userEmail,
    job_id: job.jobId,
    job_type: job.jobType,
    statement_type: job.statementType ?? null,
    priority: 'INTERACTIVE',
    start_time: timeValue(job.startTime),
    end_time: endTime === undefined ? null : timeValue(endTime),
    query: job.query ?? null,
    state: job.state,
    total_bytes_processed: job.totalBytesProcessed ?? null,
    cache_hit: false,
    total_bytes_billed: job.totalBytesBilled ?? null,
    parent_job_id: job.parentJobId ?? null,
    error_result: errorResult
      ? structValue({
          reason: errorResult.reason,
          location: errorResult.location ?? null,
          debug_info: '',
          message: errorResult.message,
        })
      : null,
    destination_table: destinationTable ? tableStruct(destinationTable) : null,
    referenced_tables: listValue((job.referencedTables ?? []).map(tableStruct)),
    labels: listValue(Object.entries(labels).map(([key, value]) => structValue({ key, value }))),
  }
}

function tableStruct({ projectId, datasetId, tableId }: TableReference): DuckDBValue {
  return structValue({ project_id: projectId, dataset_id: datasetId, table_id: tableId })
}
