import type { ParameterType, ParameterValue } from '../../local/bigquery/sql/sql-engine.ts'
import type { RecordedParameter, SqlCase } from './cases.ts'

/** The job that a case asks for; the recordings name its settings as Python's client does. */
export function queryConfiguration(recorded: SqlCase): {
  query: Record<string, unknown>
  [setting: string]: unknown
} {
  const settings = recorded['job_config.json'] ?? {}
  const parameters = recorded['parameters.json']
  const query: Record<string, unknown> = { query: recorded['query.sql'], useLegacySql: false }
  const configuration: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(settings)) {
    const place = ofJob.has(name) ? configuration : query
    const rename = renamed[name]
    place[rename?.name ?? camelCase(name)] = rename ? rename.value(value) : value
  }
  if (parameters) {
    query.parameterMode = parameters.mode.toUpperCase()
    query.queryParameters = parameters.parameters.map(queryParameter)
  }
  return { ...configuration, query }
}

const ofJob = new Set(['dry_run', 'labels', 'job_timeout_ms'])

const renamed: Record<string, { name: string; value(value: unknown): unknown }> = {
  destination: { name: 'destinationTable', value: (text) => reference(String(text), 'tableId') },
  default_dataset: { name: 'defaultDataset', value: (text) => reference(String(text)) },
  clustering_fields: { name: 'clustering', value: (fields) => ({ fields }) },
  maximum_bytes_billed: { name: 'maximumBytesBilled', value: String },
  job_timeout_ms: { name: 'jobTimeoutMs', value: String },
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function reference(text: string, last?: 'tableId'): Record<string, string | undefined> {
  const [projectId, datasetId, tableId] = text.split('.')
  return { projectId, datasetId, ...(last && { tableId }) }
}

function queryParameter({ name, type, value }: RecordedParameter): unknown {
  const parameterType = (typeof type === 'string' ? { type } : type) as RecordedType
  return {
    ...(name !== undefined && { name }),
    parameterType: restType(parameterType),
    parameterValue: restValue(parameterType, value),
  }
}

type RecordedType = {
  type: string
  arrayType?: RecordedType
  structTypes?: { name: string; type: RecordedType | string }[]
}

function asType(type: RecordedType | string): RecordedType {
  return typeof type === 'string' ? { type } : type
}

function restType({ type, arrayType, structTypes }: RecordedType): ParameterType {
  return {
    type,
    ...(arrayType && { arrayType: restType(asType(arrayType)) }),
    ...(structTypes && {
      structTypes: structTypes.map(({ name, type: inner }) => ({
        name,
        type: restType(asType(inner)),
      })),
    }),
  }
}

function restValue(type: RecordedType, value: unknown): ParameterValue {
  if (Array.isArray(value) && type.arrayType) {
    const { arrayType } = type
    return { arrayValues: value.map((item) => restValue(arrayType, item)) }
  }
  if (typeof value === 'object' && value !== null && type.structTypes) {
    const fields = type.structTypes.map(({ name, type: inner }) => [
      name,
      restValue(asType(inner), Reflect.get(value, name)),
    ])
    return { structValues: Object.fromEntries(fields) }
  }
  return { value: value === null ? null : String(value) }
}
