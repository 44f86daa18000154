import { localUser } from '../catalog/row-access.ts'
import type { TableReference } from '../catalog/resources.ts'
import type { JobRecord } from '../sql/execute/information-schema/jobs-port.ts'
import { isObject } from '../is-object.ts'
import type { Job } from './job.ts'
import { tableReference } from './references.ts'

/** A job as INFORMATION_SCHEMA.JOBS shows it. */
export function jobRecord(job: Job): JobRecord {
  const { reference, configuration, creationTime, endTime, errorResult, parentJobId } = job
  const { query: statistics = {}, totalBytesProcessed } = job.statistics
  const { statementType, totalBytesBilled, referencedTables } = statistics
  const { query: text } = configuration.query ?? {}
  const destination = configuration[job.kind]?.destinationTable
  return {
    jobId: reference.jobId,
    projectId: reference.projectId,
    creationTime,
    startTime: creationTime,
    ...(endTime !== undefined && { endTime }),
    jobType: job.kind.toUpperCase() as JobRecord['jobType'],
    ...(typeof statementType === 'string' && { statementType }),
    state: job.state,
    userEmail: job.caller ?? localUser,
    ...(typeof text === 'string' && { query: text }),
    ...(parentJobId !== undefined && { parentJobId }),
    ...(totalBytesProcessed !== undefined && { totalBytesProcessed: BigInt(totalBytesProcessed) }),
    ...(typeof totalBytesBilled === 'string' && { totalBytesBilled: BigInt(totalBytesBilled) }),
    ...(configuration.labels && { labels: configuration.labels }),
    ...(errorResult && { errorResult }),
    ...(isObject(destination) && {
      destinationTable: tableReference(destination, reference.projectId),
    }),
    ...(Array.isArray(referencedTables) && {
      referencedTables: referencedTables as TableReference[],
    }),
  }
}
