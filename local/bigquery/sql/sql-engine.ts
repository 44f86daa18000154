import type {
  Field,
  ProjectDataset,
  RoutineReference,
  Table,
  TableReference,
} from '../catalog/resources.ts'

/** A value as `getQueryResults` sends it: text, null, `{ v }` items of an array, `{ f }` of a struct. */
export type WireValue = string | null | { v: WireValue }[] | { f: { v: WireValue }[] }
export type WireRow = { f: { v: WireValue }[] }

/** Rows of a result, encoded when they are read; TIMESTAMP as int64 microseconds in text. */
export type Rows = {
  count: number
  /** About as much memory as they hold. */
  bytes: number
  read(start: number, count: number): WireRow[]
}

export type QueryRequest = {
  /** One statement or a script. */
  sql: string
  projectId: string
  jobId: string
  location: string
  /** The client named the location: datasets elsewhere are not found. */
  isLocationGiven?: boolean
  /** The e-mail address of whoever asks; absent: `localUser`. */
  caller?: string
  defaultDataset?: ProjectDataset
  /** As in `QueryJobConfiguration.queryParameters`. */
  parameters?: QueryParameter[]
  /** Resolve everything, execute nothing. */
  dryRun?: boolean
  /** Where a query's rows go; absent: only into the result. */
  destination?: {
    table: TableReference
    /** As in `table$20250208`: the rows go there, and only that partition is replaced. */
    partition?: string
    writeDisposition: 'WRITE_EMPTY' | 'WRITE_TRUNCATE' | 'WRITE_TRUNCATE_DATA' | 'WRITE_APPEND'
    createDisposition: 'CREATE_IF_NEEDED' | 'CREATE_NEVER'
    schemaUpdateOptions?: string[]
    timePartitioning?: NonNullable<Table['timePartitioning']>
    rangePartitioning?: NonNullable<Table['rangePartitioning']>
    clustering?: { fields: string[] }
  }
  maximumBytesBilled?: string
  /** Aborts a running statement, for `jobs.cancel`. */
  signal?: AbortSignal
}

export type QueryParameter = {
  /** Absent: positional. */
  name?: string
  parameterType: ParameterType
  parameterValue: ParameterValue
}
export type ParameterType = {
  type: string
  arrayType?: ParameterType
  structTypes?: { name?: string; type: ParameterType }[]
  rangeElementType?: ParameterType
}
export type ParameterValue = {
  value?: string | null
  arrayValues?: ParameterValue[]
  structValues?: Record<string, ParameterValue>
  rangeValue?: { start?: ParameterValue; end?: ParameterValue }
}

/** What one statement did; of a script each statement has one. */
export type StatementResult = {
  /** BigQuery's name: SELECT, CREATE_TABLE_AS_SELECT, MERGE, SCRIPT … */
  statementType: string
  /** The statement's own text. */
  sql: string
  schema?: Field[]
  rows?: Rows
  totalBytesProcessed: bigint
  referencedTables: TableReference[]
  /** Where its rows went: the table that DML changed or CREATE TABLE AS made, or the request's own. */
  destinationTable?: TableReference
  dmlStats?: { insertedRowCount: bigint; updatedRowCount: bigint; deletedRowCount: bigint }
  ddlOperationPerformed?: 'CREATE' | 'REPLACE' | 'SKIP' | 'DROP' | 'ALTER'
  ddlTargetTable?: TableReference
  ddlTargetRoutine?: RoutineReference
  ddlTargetDataset?: ProjectDataset
  ddlTargetRowAccessPolicy?: TableReference & { policyId: string }
  ddlAffectedRowAccessPolicyCount?: bigint
  exportDataStatistics?: { fileCount: bigint; rowCount: bigint }
}

/** Where a script stood: places count from 1, the end is the place behind the text. */
export type ScriptFrame = {
  startLine: number
  startColumn: number
  endLine: number
  endColumn: number
  text: string
  /** Absent: the script itself. */
  procedureId?: string
}

/** What a part of a script gave, and the stack at that moment, the innermost frame first. */
export type ScriptResult = StatementResult & {
  evaluationKind: 'STATEMENT' | 'EXPRESSION'
  stackFrames: ScriptFrame[]
}

export type QueryResult = StatementResult & {
  /** Of a script: its parts in the order in which they ran. */
  children?: ScriptResult[]
}

/** GoogleSQL over the local database. Errors are `BigQueryError`s in BigQuery's words. */
export type SqlEngine = {
  run(request: QueryRequest): Promise<QueryResult>
  close(): Promise<void>
}
