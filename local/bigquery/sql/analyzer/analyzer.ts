import type { ProjectDataset, Table } from '../../catalog/resources.ts'
import type { CatalogSnapshot } from './catalog-snapshot.ts'
import type { ResolvedNode } from './resolved-node.ts'
import type { ScriptStatement } from './script.ts'
import type { SqlType } from './sql-type.ts'

export type AnalyzeRequest = {
  /** One statement. */
  sql: string
  catalog: CatalogSnapshot
  projectId: string
  defaultDataset?: ProjectDataset
  parameters?: QueryParameterTypes
  /** Variables of the script, by name as declared; they are seen wherever no column has the name. */
  variables?: ReadonlyMap<string, SqlType>
  /** Where the statement stands in its script, for the positions in messages; 1:1 where absent. */
  position?: Position
}

export type Position = { line: number; column: number }

export type QueryParameterTypes =
  | { mode: 'named'; types: ReadonlyMap<string, SqlType> }
  | { mode: 'positional'; types: readonly SqlType[] }

export type Analysis = {
  statement: ResolvedNode
  /** The tables and views that the statement names, each once. */
  tables: Table[]
}

/** GoogleSQL's own parser and analyser. Refusals are `BigQueryError`s in BigQuery's words. */
export type Analyzer = {
  /** Resolves and types one statement. */
  analyze(request: AnalyzeRequest): Promise<Analysis>
  /** Cuts a script into its statements, those of its blocks too. */
  parseScript(sql: string): Promise<ScriptStatement[]>
  stop(): Promise<void>
}
