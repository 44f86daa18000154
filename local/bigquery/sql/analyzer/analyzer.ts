import type { ProjectDataset, Table } from '../../catalog/resources.ts'
import { notSupported } from '../../bigquery-error.ts'
import { analysisError } from './analysis-error.ts'
import { parameterOptions } from './analyzer-options.ts'
import type { CatalogSnapshot } from './catalog-snapshot.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { groupByAll, withoutGroupByAll } from './group-by-all.ts'
import { groupByOrdinals, ungrouped } from './group-by-expressions.ts'
import { bigQueryLanguage } from './language.ts'
import { parseScript } from './parse-script.ts'
import { createRegisteredCatalogs, type RegisteredCatalogs } from './registered-catalogs.ts'
import { resolveNames } from './resolve.ts'
import { ResolvedNode } from './resolved-node.ts'
import { GoogleSqlError, type Rpc, connect } from './rpc.ts'
import type { ScriptStatement } from './script.ts'
import { sessionize, withoutSessionize } from './sessionize.ts'
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
  /** A part of the statement as it was written, where it was resolved in other words. */
  asWritten(part: string): string
}

/** GoogleSQL's own parser and analyser. Refusals are `BigQueryError`s in BigQuery's words. */
export type Analyzer = {
  /** Resolves and types one statement. */
  analyze(request: AnalyzeRequest): Promise<Analysis>
  /** Cuts a script into its statements, those of its blocks too. */
  parseScript(sql: string): Promise<ScriptStatement[]>
  /** The process in which GoogleSQL runs. */
  serviceId(): Promise<number>
  stop(): Promise<void>
}

export async function startAnalyzer(): Promise<Analyzer> {
  const rpc = await connect()
  const dialect = dialectOf(await bigQueryLanguage(rpc))
  const service = { rpc, dialect, catalogs: createRegisteredCatalogs(dialect) }
  return {
    analyze: (request) => analyze(service, request),
    parseScript: (sql) => parseScript(rpc, dialect, sql),
    serviceId: () => rpc.serviceId(),
    stop: () => rpc.stop(),
  }
}

type AnalyzerService = { rpc: Rpc; dialect: Dialect; catalogs: RegisteredCatalogs }

async function analyze(
  service: AnalyzerService,
  request: AnalyzeRequest,
  original = (message: string): string => message,
): Promise<Analysis> {
  const { rpc, dialect } = service
  const { sql: sqlStatement, variables = new Map(), parameters } = request
  try {
    const { tables, functions } = await resolveNames(rpc, dialect, request)
    const { resolvedStatement } = await rpc.inOneService((call) =>
      service.catalogs.use(call, { tables, variables, functions }, (registeredCatalogId) =>
        call<{ resolvedStatement: unknown }>(
          'Analyze',
          { sqlStatement, registeredCatalogId, options: parameterOptions(parameters) },
          dialect.statement,
        ),
      ),
    )
    return {
      statement: new ResolvedNode(resolvedStatement),
      tables: [...new Set(tables.map(({ table }) => table))],
      asWritten: (part) => part,
    }
  } catch (error) {
    if (!(error instanceof GoogleSqlError)) throw error
    if (sessionize.test(error.message)) {
      return analyzeRewritten(service, request, original, withoutSessionize)
    }
    if (groupByAll.test(error.message)) {
      return analyzeRewritten(service, request, original, withoutGroupByAll)
    }
    if (ungrouped.test(error.message)) return analyzeByOrdinals(service, request, error)
    throw analysisError(original(error.message), request)
  }
}

type Rewrite = (
  rpc: Rpc,
  dialect: Dialect,
  request: AnalyzeRequest,
) => Promise<{ sql: string; original(message: string): string }>

/** Resolves the statement in words that this release of GoogleSQL knows. */
async function analyzeRewritten(
  service: AnalyzerService,
  request: AnalyzeRequest,
  original: (message: string) => string,
  rewrite: Rewrite,
): Promise<Analysis> {
  const rewritten = await rewrite(service.rpc, service.dialect, request)
  const placed = (message: string): string => original(rewritten.original(message))
  const analysis = await analyze(service, { ...request, sql: rewritten.sql }, placed)
  return writtenAs(request.sql, rewritten.sql, analysis)
}

async function analyzeByOrdinals(
  service: AnalyzerService,
  request: AnalyzeRequest,
  error: GoogleSqlError,
): Promise<Analysis> {
  const { sql, isWhole } = await groupByOrdinals(service.rpc, service.dialect, request.sql)
  if (sql !== request.sql) {
    return writtenAs(request.sql, sql, await analyze(service, { ...request, sql }))
  }
  if (isWhole) throw analysisError(error.message, request)
  throw notSupported('an expression of GROUP BY as a part of a selected one')
}

/** All that was changed lies within the parts that anybody asks for: a query to its end. */
function writtenAs(original: string, rewritten: string, analysis: Analysis): Analysis {
  return {
    ...analysis,
    asWritten(part) {
      const inner = analysis.asWritten(part)
      const start = rewritten.lastIndexOf(inner)
      const rest = rewritten.length - start - inner.length
      return start < 0 ? inner : original.slice(start, original.length - rest)
    },
  }
}
