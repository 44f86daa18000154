import type {
  QueryRequest,
  QueryResult,
  ScriptResult,
  SqlEngine,
  StatementResult,
} from '../sql/sql-engine.ts'
import { billedBytes } from '../sql/execute/reads/billed-bytes.ts'
import type { Job, JobOutcome } from './job.ts'

/** Runs a query and gathers its statistics; `keep` takes the jobs of a script's statements. */
export async function runQueryJob(
  engine: SqlEngine,
  request: QueryRequest,
  keep?: (child: Job) => void,
): Promise<JobOutcome> {
  const start = Date.now()
  const result = await engine.run(request)
  const children = result.children ?? []
  if (keep) {
    for (const [index, child] of children.entries()) keep(childJob(request, child, index))
  }
  return {
    result,
    statistics: {
      totalBytesProcessed: String(result.totalBytesProcessed),
      ...(children.length > 0 && { numChildJobs: String(children.length) }),
      ...(result.exportDataStatistics && {
        totalSlotMs: '0',
        finalExecutionDurationMs: String(Date.now() - start),
      }),
      query: {
        ...queryStatistics(result),
        ...(request.dryRun && result.schema && { schema: { fields: result.schema } }),
      },
    },
  }
}

/** What `statistics.query` shows of a statement. */
function queryStatistics(result: StatementResult | QueryResult): Record<string, unknown> {
  const { statementType, dmlStats, referencedTables, ddlOperationPerformed } = result
  const { ddlTargetTable, ddlTargetRoutine, ddlTargetDataset, exportDataStatistics } = result
  const { ddlTargetRowAccessPolicy, ddlAffectedRowAccessPolicyCount } = result
  return {
    totalBytesProcessed: String(result.totalBytesProcessed),
    totalBytesBilled: String(billedBytesOf(result)),
    // No result is ever taken from a cache: what is read is always what the tables hold now.
    ...(statementType !== 'SCRIPT' && { cacheHit: false }),
    statementType,
    ...(referencedTables.length > 0 && { referencedTables }),
    ...(ddlOperationPerformed && { ddlOperationPerformed }),
    ...(ddlTargetTable && { ddlTargetTable }),
    ...(ddlTargetRoutine && { ddlTargetRoutine }),
    ...(ddlTargetDataset && { ddlTargetDataset }),
    ...(ddlTargetRowAccessPolicy && { ddlTargetRowAccessPolicy }),
    ...(ddlAffectedRowAccessPolicyCount !== undefined && {
      ddlAffectedRowAccessPolicyCount: String(ddlAffectedRowAccessPolicyCount),
    }),
    ...(exportDataStatistics && {
      // One process has no stages, slots or shuffles to tell of.
      queryPlan: [],
      timeline: [],
      estimatedBytesProcessed: String(result.totalBytesProcessed),
      totalPartitionsProcessed: '0',
      billingTier: 1,
      totalSlotMs: '0',
      transferredBytes: '0',
      exportDataStatistics: {
        fileCount: String(exportDataStatistics.fileCount),
        rowCount: String(exportDataStatistics.rowCount),
      },
    }),
    ...(dmlStats && {
      numDmlAffectedRows: affectedRows(dmlStats),
      dmlStats: {
        insertedRowCount: String(dmlStats.insertedRowCount),
        updatedRowCount: String(dmlStats.updatedRowCount),
        deletedRowCount: String(dmlStats.deletedRowCount),
      },
    }),
  }
}

export function affectedRows({
  insertedRowCount,
  updatedRowCount,
  deletedRowCount,
}: NonNullable<StatementResult['dmlStats']>): string {
  return String(insertedRowCount + updatedRowCount + deletedRowCount)
}

export function billedBytesOf({ totalBytesProcessed, referencedTables }: StatementResult): bigint {
  return billedBytes(totalBytesProcessed, referencedTables.length)
}

/** A part of a script has a job of its own, which names its parent and where in it that stands. */
function childJob(
  { projectId, jobId, location }: QueryRequest,
  result: ScriptResult,
  index: number,
): Job {
  // A millisecond apart, for clients put them in order by their times.
  const time = Date.now() + index
  const { evaluationKind, stackFrames } = result
  return {
    reference: { projectId, jobId: `script_job_${jobId}_${index}`, location },
    kind: 'query',
    configuration: {
      query: {
        query: result.sql,
        useLegacySql: false,
        ...(result.destinationTable && { destinationTable: result.destinationTable }),
      },
    },
    state: 'DONE',
    creationTime: time,
    endTime: time,
    errors: [],
    statistics: {
      totalBytesProcessed: String(result.totalBytesProcessed),
      scriptStatistics: { evaluationKind, stackFrames },
      query: queryStatistics(result),
    },
    result,
    parentJobId: jobId,
    finished: Promise.resolve(),
    cancel: () => {},
  }
}
