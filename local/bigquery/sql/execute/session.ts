import type { DuckDBValue } from '@duckdb/node-api'
import type { BigQueryError } from '../../bigquery-error.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Routine, TableReference } from '../../catalog/resources.ts'
import type { Analyzer } from '../analyzer/analyzer.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import type { QueryRequest, ScriptFrame, ScriptResult, StatementResult } from '../sql-engine.ts'
import type { ExportPort } from './export-port.ts'
import type { Parameters } from './parameters.ts'
import type { JobsPort } from './information-schema/jobs-port.ts'
import type { Journal } from './script/journal.ts'

/** What the engine is made of. */
export type EngineParts = {
  catalog: Catalog
  analyzer: Analyzer
  clock: () => number
  /** Bytes of columns that statements read, as far as they were counted. */
  columnSizes: Map<string, bigint>
  /** Absent: INFORMATION_SCHEMA.JOBS is refused. */
  jobs?: JobsPort
  /** Absent: EXPORT DATA is refused. */
  exportFile?: ExportPort
}

/** A variable of a script. */
export type Variable = {
  name: string
  type: SqlType
  value: DuckDBValue
  /** Its type with parameters, `NUMERIC(5, 2)`: what it is given is rounded, or does not fit. */
  sized?: string
}

/** One request, from its first statement to its last. */
export type Session = {
  parts: EngineParts
  request: QueryRequest
  parameters: Parameters
  /** Variables by lower-case name, the innermost block last. */
  scopes: Map<string, Variable>[]
  /** `error.message`, `row_count` …, as far as they are set. */
  systemVariables: Map<string, DuckDBValue>
  temporaryTables: Map<string, TableReference>
  temporaryFunctions: Map<string, Routine>
  /** Between BEGIN TRANSACTION and its end. */
  transaction: Journal | undefined
  /** What ran so far, queries inside expressions too. */
  results: ScriptResult[]
  /** The SQL statement that ran last: its rows are the script's. */
  last: StatementResult | undefined
  /** Those that exception handlers are handling, the innermost last. */
  errors: BigQueryError[]
  /** The text of the statement that failed last. */
  failed: string | undefined
  /** How many procedures are being called. */
  depth: number
  /** The procedure whose body runs. */
  procedure: string | undefined
  /** The statements that called what runs, the innermost first. */
  callers: ScriptFrame[]
}

export function startSession(
  parts: EngineParts,
  request: QueryRequest,
  parameters: Parameters,
): Session {
  return {
    parts,
    request,
    parameters,
    scopes: [new Map()],
    systemVariables: new Map(),
    temporaryTables: new Map(),
    temporaryFunctions: new Map(),
    transaction: undefined,
    results: [],
    last: undefined,
    errors: [],
    failed: undefined,
    depth: 0,
    procedure: undefined,
    callers: [],
  }
}

/** The innermost variable of that name; names do not tell upper from lower case. */
export function findVariable({ scopes }: Session, name: string): Variable | undefined {
  return scopes.findLast((scope) => scope.has(name.toLowerCase()))?.get(name.toLowerCase())
}

export function variableTypes({ scopes }: Session): Map<string, SqlType> {
  const types = new Map<string, SqlType>()
  for (const scope of scopes) for (const { name, type } of scope.values()) types.set(name, type)
  return types
}

/** The hidden dataset that holds the temporary tables of a session; BigQuery hides names like this too. */
export function temporaryDataset({ request: { projectId, jobId } }: Session): {
  projectId: string
  datasetId: string
} {
  return { projectId, datasetId: `_script_${jobId.replaceAll(/\W/g, '_')}` }
}
