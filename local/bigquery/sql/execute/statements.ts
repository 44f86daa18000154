import { notSupported } from '../../bigquery-error.ts'
import type { ScriptText } from '../analyzer/script.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import { alterMaterializedView, alterTable, alterView } from './ddl/alter-table.ts'
import { analyze } from './analyze.ts'
import { runAssert } from './assert.ts'
import { createFunction, createProcedure, createTableFunction } from './ddl/create-routine.ts'
import { alterSchema, createSchema } from './ddl/create-schema.ts'
import { createTable, createTableAsSelect } from './ddl/create-table.ts'
import { createMaterializedView, createView } from './ddl/create-view.ts'
import { runExportData } from './export-data.ts'
import { runIntoDestination } from './dml/destination.ts'
import { runDml } from './dml/dml.ts'
import { dropFunction } from './ddl/drop-routine.ts'
import { drop, dropMaterializedView, dropSnapshotTable } from './ddl/drop.ts'
import type { Outcome } from './outcome.ts'
import { runQuery } from './query.ts'
import { createRowAccessPolicy, dropRowAccessPolicy } from './ddl/row-access.ts'
import type { Session } from './session.ts'
import { refuseDdlInTransaction } from './script/transaction.ts'
import { createSnapshotTable } from './ddl/snapshot.ts'
import type { StatementResult } from '../sql-engine.ts'
import { requireWrite, withWork, type Work, type WriteWork } from './work.ts'

type Reader = (work: Work, analysis: Analysis) => Promise<Outcome>
type Writer = (work: WriteWork, analysis: Analysis) => Promise<Outcome>

/** Statements that leave everything as it is. */
export const readers: Record<string, Reader | undefined> = {
  QueryStmt: runQuery,
  AssertStmt: runAssert,
  ExportDataStmt: runExportData,
}

export const writers: Record<string, Writer | undefined> = {
  InsertStmt: runDml,
  UpdateStmt: runDml,
  DeleteStmt: runDml,
  MergeStmt: runDml,
  TruncateStmt: runDml,
  CreateSchemaStmt: (work, { statement }) => createSchema(work, statement),
  AlterSchemaStmt: (work, { statement }) => alterSchema(work, statement),
  CreateTableStmt: createTable,
  CreateTableAsSelectStmt: createTableAsSelect,
  CreateSnapshotTableStmt: createSnapshotTable,
  CreateViewStmt: createView,
  CreateMaterializedViewStmt: createMaterializedView,
  CreateFunctionStmt: createFunction,
  CreateTableFunctionStmt: createTableFunction,
  CreateProcedureStmt: createProcedure,
  AlterTableStmt: alterTable,
  AlterViewStmt: alterView,
  AlterMaterializedViewStmt: alterMaterializedView,
  DropStmt: drop,
  DropMaterializedViewStmt: dropMaterializedView,
  DropSnapshotTableStmt: dropSnapshotTable,
  DropFunctionStmt: dropFunction,
  DropTableFunctionStmt: dropFunction,
  CreateRowAccessPolicyStmt: createRowAccessPolicy,
  DropRowAccessPolicyStmt: dropRowAccessPolicy,
}

/** Runs one SQL statement of a script, alone or in the script's transaction. */
export async function runStatement(
  session: Session,
  text: ScriptText & { syntax: string },
): Promise<StatementResult> {
  // The analyser would look for its table first, which need not be there.
  if (text.syntax === 'AuxLoadData') throw notSupported('LOAD DATA statements')
  const onlyReads = text.syntax === 'Query' || text.syntax === 'Assert'
  const intoTable = session.request.destination !== undefined && text.syntax === 'Query'
  const access = onlyReads && !intoTable ? 'read' : 'write'
  const outcome = await withWork(session, access, async (work) => {
    const analysis = await analyze(work, text)
    const { kind } = analysis.statement
    if (intoTable) return await runIntoDestination(requireWrite(work), analysis)

    const read = readers[kind]
    if (read) return await read(work, analysis)
    const write = writers[kind]
    if (!write) throw notSupported(kind.replace(/Stmt$/, ' statements'))
    refuseDdlInTransaction(session, analysis.statement)
    return await write(requireWrite(work), analysis)
  })
  return { ...outcome, sql: text.text }
}
