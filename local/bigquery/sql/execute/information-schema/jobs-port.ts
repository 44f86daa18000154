/** A job as INFORMATION_SCHEMA.JOBS shows it; times in milliseconds since the epoch. */
export type JobRecord = {
  jobId: string
  projectId: string
  creationTime: number
  startTime: number
  endTime?: number
  jobType: 'QUERY' | 'LOAD' | 'COPY' | 'EXTRACT'
  statementType?: string
  state: 'RUNNING' | 'DONE'
  userEmail: string
  query?: string
  parentJobId?: string
  totalBytesProcessed?: bigint
  totalBytesBilled?: bigint
  labels?: Record<string, string>
  errorResult?: { reason: string; location?: string; message: string }
  destinationTable?: { projectId: string; datasetId: string; tableId: string }
  referencedTables?: { projectId: string; datasetId: string; tableId: string }[]
}

/** Where INFORMATION_SCHEMA.JOBS finds the jobs of a project. */
export type JobsPort = { jobs(projectId: string): JobRecord[] }
