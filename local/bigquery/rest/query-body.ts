import type { JobConfiguration } from '../jobs/job.ts'
import { isObject } from '../is-object.ts'

/** A client that repeats a request, because the answer was lost, must not run its query twice. */
export function jobIdOf({ requestId }: Record<string, unknown>): string | undefined {
  if (typeof requestId !== 'string' || requestId === '') return undefined
  return `job_${requestId.replaceAll(/[^\w-]/g, '_')}`
}

/** The body of `jobs.query` is flat; a job keeps it under `configuration.query`. */
export function queryConfiguration(body: Record<string, unknown>): JobConfiguration {
  const { labels, jobTimeoutMs, dryRun: dry } = body
  const query = Object.fromEntries(
    settingsOfQuery.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
  )
  return {
    query,
    ...(dry === true && { dryRun: true }),
    ...(isObject(labels) && { labels: labels as Record<string, string> }),
    ...(jobTimeoutMs !== undefined && { jobTimeoutMs: String(jobTimeoutMs) }),
  }
}

const settingsOfQuery = [
  'query',
  'useLegacySql',
  'defaultDataset',
  'maximumBytesBilled',
  'parameterMode',
  'queryParameters',
  'useQueryCache',
  'connectionProperties',
  'createSession',
  'continuous',
  'destinationEncryptionConfiguration',
  'writeIncrementalResults',
]
