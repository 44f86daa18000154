import type { QueryRequest, QueryResult, SqlEngine, StatementResult } from '../sql/sql-engine.ts'
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
export function queryStatistics(result: StatementResult | QueryResult): Record<string, unknown> {
  const { statementType, dmlStats, referencedTables, ddlOperationPerformed } = result
  const { ddlTargetTable, ddlTargetRoutine, ddlTargetDataset, exportDataStatistics } = result
  return {
    totalBytesProcessed: String(result.totalBytesProcessed),
    totalBytesBilled: String(billedBytes(result)),
    // No result is ever taken from a cache: what is read is always what the tables hold now.
    ...(statementType !== 'SCRIPT' && { cacheHit: false }),
    statementType,
    ...(referencedTables.length > 0 && { referencedTables }),
    ...(ddlOperationPerformed && { ddlOperationPerformed }),
    ...(ddlTargetTable && { ddlTargetTable }),
    ...(ddlTargetRoutine && { ddlTargetRoutine }),
    ...(ddlTargetDataset && { ddlTargetDataset }),
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

const mebibyte = 1024n * 1024n

/** Whole mebibytes, at least ten for each table that is read; what reads nothing is free. */
export function billedBytes({ totalBytesProcessed, referencedTables }: StatementResult): bigint {
  if (totalBytesProcessed === 0n) return 0n
  const rounded = ((totalBytesProcessed + mebibyte - 1n) / mebibyte) * mebibyte
  const least = 10n * mebibyte * BigInt(Math.max(1, referencedTables.length))
  return rounded > least ? rounded : least
}

/** A statement of a script has a job of its own, which names its parent. */
function childJob(
  { projectId, jobId, location }: QueryRequest,
  result: StatementResult,
  index: number,
): Job {
  const time = Date.now()
  return {
    reference: { projectId, jobId: `script_job_${jobId}_${index}`, location },
    kind: 'query',
    configuration: { query: { query: result.sql, useLegacySql: false } },
    state: 'DONE',
    creationTime: time,
    endTime: time,
    errors: [],
    statistics: {
      totalBytesProcessed: String(result.totalBytesProcessed),
      query: queryStatistics(result),
    },
    result,
    parentJobId: jobId,
    finished: Promise.resolve(),
    cancel: () => {},
  }
}
