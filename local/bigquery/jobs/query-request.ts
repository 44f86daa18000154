import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { withoutDecorator } from '../catalog/partition-decorator.ts'
import type { ProjectDataset, Table } from '../catalog/resources.ts'
import { isObject } from '../is-object.ts'
import { refuseNames } from '../refused-names.ts'
import type { QueryParameter, QueryRequest } from '../sql/sql-engine.ts'
import type { JobConfiguration, JobReference } from './job.ts'
import { datasetReference, tableReference } from './references.ts'
import { wholeNumberText } from '../whole-number.ts'
import { createDispositionOf, writeDispositionOf } from './dispositions.ts'

/** What the SQL engine is asked for by `configuration.query` of a job. */
export function queryRequest(
  { projectId, jobId, location }: JobReference,
  { query: configuration = {}, dryRun = false }: JobConfiguration,
  { caller, isLocationGiven = false }: { caller?: string | undefined; isLocationGiven?: boolean },
): QueryRequest {
  const sql = configuration.query
  if (typeof sql !== 'string' || sql.trim() === '') {
    throw new BigQueryError('required', 'Required parameter is missing: query', {
      location: 'query',
    })
  }
  refuseUnknown(configuration, sql)
  const { maximumBytesBilled, queryParameters } = configuration
  const defaultDataset = defaultDatasetOf(configuration, projectId)
  const destination = destinationOf(configuration, projectId)
  return {
    sql,
    projectId,
    jobId,
    location,
    isLocationGiven,
    dryRun,
    ...(caller !== undefined && { caller }),
    ...(defaultDataset && { defaultDataset }),
    ...(Array.isArray(queryParameters) && { parameters: queryParameters as QueryParameter[] }),
    ...(destination && { destination }),
    ...(maximumBytesBilled !== undefined && {
      maximumBytesBilled: wholeNumberText(maximumBytesBilled, 'maximumBytesBilled'),
    }),
  }
}

const refused = [
  'destinationEncryptionConfiguration',
  'userDefinedFunctionResources',
  'scriptOptions',
  'systemVariables',
  'writeIncrementalResults',
]

function refuseUnknown(configuration: Record<string, unknown>, sql: string): void {
  if (isLegacy(sql, configuration.useLegacySql)) {
    throw notSupported('legacy SQL (set useLegacySql to false)')
  }
  const properties = configuration.connectionProperties
  for (const property of Array.isArray(properties) ? (properties as unknown[]) : []) {
    const key = isObject(property) ? String(property.key) : ''
    if (key === 'session_id') throw new BigQueryError('invalid', 'Invalid input session id.')
    throw notSupported(`the connection property ${key}`)
  }
  if (configuration.createSession === true) throw notSupported('sessions (createSession)')
  if (configuration.tableDefinitions !== undefined) {
    throw notSupported('external tables of a query (tableDefinitions)')
  }
  if (configuration.continuous === true) throw notSupported('continuous queries')
  refuseNames(configuration, refused, 'queries')
}

/** The API's default is legacy SQL; a first line `#standardSQL` or `#legacySQL` says it too. */
function isLegacy(sql: string, option: unknown): boolean {
  const dialect = /^\s*#(standard|legacy)sql\b/i.exec(sql)?.[1]?.toLowerCase()
  if (dialect === undefined) return option !== false
  const says = dialect === 'legacy'
  if (typeof option !== 'boolean' || option === says) return says
  throw new BigQueryError(
    'invalid',
    `Query text specifies use_legacy_sql:${says}, while API options specify:${option}`,
  )
}

function defaultDatasetOf(
  { defaultDataset }: Record<string, unknown>,
  projectId: string,
): ProjectDataset | undefined {
  return isObject(defaultDataset) ? datasetReference(defaultDataset, projectId) : undefined
}

function destinationOf(
  configuration: Record<string, unknown>,
  projectId: string,
): QueryRequest['destination'] {
  const { destinationTable, schemaUpdateOptions, timePartitioning, clustering } = configuration
  const { rangePartitioning } = configuration
  if (!isObject(destinationTable)) return undefined
  const { reference, partition } = withoutDecorator(tableReference(destinationTable, projectId))
  return {
    table: reference,
    ...(partition !== undefined && { partition }),
    writeDisposition: writeDispositionOf(configuration, 'WRITE_EMPTY'),
    createDisposition: createDispositionOf(configuration),
    ...(Array.isArray(schemaUpdateOptions) && { schemaUpdateOptions }),
    ...(isObject(timePartitioning) && {
      timePartitioning: timePartitioning as NonNullable<Table['timePartitioning']>,
    }),
    ...(isObject(rangePartitioning) && {
      rangePartitioning: rangePartitioning as NonNullable<Table['rangePartitioning']>,
    }),
    ...(isObject(clustering) && { clustering: clustering as { fields: string[] } }),
  }
}
