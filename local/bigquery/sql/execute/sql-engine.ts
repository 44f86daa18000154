import { BigQueryError } from '../../bigquery-error.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Database } from '../../database/database.ts'
import type { Analyzer } from '../analyzer/analyzer.ts'
import type { ScriptStatement } from '../analyzer/script.ts'
import type { QueryRequest, QueryResult, SqlEngine } from '../sql-engine.ts'
import type { ExportPort } from './export-port.ts'
import type { JobsPort } from './information-schema/jobs-port.ts'
import { readParameters } from './parameters.ts'
import { openJournal } from './script/journal.ts'
import { runStatements } from './script/run-block.ts'
import { endTransaction } from './script/transaction.ts'
import { startSession, type EngineParts, type Session } from './session.ts'
import { runStatement } from './statements.ts'
import {
  isSingleQuery,
  isStatementWithFunctions,
  requireCompany,
  requireDestinable,
} from './script-shape.ts'
import { dropLeftTemporaryTables, dropTemporaryTables } from './temporary-tables.ts'

export type EngineOptions = {
  database: Database
  catalog: Catalog
  analyzer: Analyzer
  /** Milliseconds since the epoch: CURRENT_TIMESTAMP. */
  clock?: () => number
  /** What INFORMATION_SCHEMA.JOBS shows. */
  jobs?: JobsPort
  /** Where EXPORT DATA writes. */
  exportFile?: ExportPort
}

/** Runs GoogleSQL over a database. Closing the engine ends the analyser and closes the database. */
export async function createSqlEngine({
  database,
  catalog,
  analyzer,
  clock = Date.now,
  jobs,
  exportFile,
}: EngineOptions): Promise<SqlEngine> {
  const parts: EngineParts = {
    catalog,
    analyzer,
    clock,
    columnSizes: new Map(),
    ...(jobs && { jobs }),
    ...(exportFile && { exportFile }),
  }
  await dropLeftTemporaryTables(catalog)
  return {
    run: (request) => run(parts, request),
    async close() {
      await analyzer.stop()
      await database.close()
    },
  }
}

async function run(parts: EngineParts, request: QueryRequest): Promise<QueryResult> {
  const statements = await parts.analyzer.parseScript(request.sql)
  if (request.destination) requireDestinable(statements)
  const session = startSession(parts, request, readParameters(request.parameters))
  try {
    if (request.dryRun && !isSingleQuery(statements)) {
      session.transaction = openJournal(await parts.catalog.begin())
    }
    return await runAll(session, statements)
  } finally {
    await endTransaction(session)
    await dropTemporaryTables(session)
  }
}

async function runAll(session: Session, statements: ScriptStatement[]): Promise<QueryResult> {
  const [only, ...more] = statements
  if (!only) {
    throw new BigQueryError('invalidQuery', 'Syntax error: Unexpected end of script at [1:1]', {
      location: 'query',
    })
  }
  if (more.length === 0 && only.kind === 'sql' && only.syntax !== 'CreateProcedure') {
    requireCompany(only)
    return await runStatement(session, only)
  }
  await runStatements(session, statements)
  const { last, results } = session
  if (last && isStatementWithFunctions(statements)) return last
  return {
    statementType: 'SCRIPT',
    sql: session.request.sql,
    totalBytesProcessed: results.reduce((sum, result) => sum + result.totalBytesProcessed, 0n),
    referencedTables: [],
    ...(last?.schema && last.rows && { schema: last.schema, rows: last.rows }),
    children: results,
  }
}
