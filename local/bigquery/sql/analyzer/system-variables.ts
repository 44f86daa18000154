import type { SqlType } from './sql-type.ts'

const text: SqlType = { kind: 'STRING' }
const count: SqlType = { kind: 'INT64' }

const frame: SqlType = {
  kind: 'STRUCT',
  fields: [
    { name: 'line', type: count },
    { name: 'column', type: count },
    { name: 'filename', type: text },
    { name: 'location', type: text },
  ],
}

/** All that BigQuery has: those without a value here are refused where they are read. */
export const systemVariables: [path: string, type: SqlType][] = [
  ['query_label', text],
  ['time_zone', text],
  ['project_id', text],
  ['dataset_id', text],
  ['dataset_project_id', text],
  ['location', text],
  ['reservation', text],
  ['current_job_id', text],
  ['last_job_id', text],
  ['row_count', count],
  ['session_id', text],
  ['script.job_id', text],
  ['script.bytes_processed', count],
  ['script.bytes_billed', count],
  ['script.slot_ms', count],
  ['script.num_child_jobs', count],
  ['script.creation_time', { kind: 'TIMESTAMP' }],
  ['error.message', text],
  ['error.formatted_stack_trace', text],
  ['error.stack_trace', { kind: 'ARRAY', element: frame }],
  ['error.statement_text', text],
]
