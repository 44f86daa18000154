import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { withoutDecorator } from '../../catalog/partition-decorator.ts'
import type { Schema, TableReference } from '../../catalog/resources.ts'
import { isObject } from '../../is-object.ts'
import { withFilterOutside } from '../../catalog/table-defaults.ts'
import { schemaOf } from '../../catalog/parse-schema.ts'
import {
  createDispositionOf,
  writeDispositionOf,
  type CreateDisposition,
  type WriteDisposition,
} from '../dispositions.ts'
import { tableReference } from '../references.ts'
import { requireWholeNumbers } from '../../whole-number.ts'

export type LoadFormat = 'NEWLINE_DELIMITED_JSON' | 'CSV' | 'PARQUET'

export type LoadOptions = {
  destination: TableReference
  /** As in `table$20250208`: the rows go there, and only that partition is replaced. */
  partition?: string
  format: LoadFormat
  uris: unknown
  schema: Schema | undefined
  autodetect: boolean
  writeDisposition: WriteDisposition
  createDisposition: CreateDisposition
  maxBadRecords: number
  ignoreUnknownValues: boolean
  schemaUpdateOptions: string[]
  /** How a table is made that does not exist yet. */
  layout: Record<string, unknown>
  csv: CsvLoadOptions
  enableListInference: boolean
}

export type CsvLoadOptions = {
  delimiter: string
  quote: string
  allowQuotedNewlines: boolean
  allowJaggedRows: boolean
  skipLeadingRows: number
  /** Whether the first row is a header is to be seen from it. */
  detectsHeader: boolean
  nullMarker: string
}

/** What `configuration.load` asks for; what the local engine would do otherwise than BigQuery is refused. */
export function loadOptions(load: Record<string, unknown>, projectId: string): LoadOptions {
  const { destinationTable, schema, maxBadRecords = 0, schemaUpdateOptions } = load
  if (!isObject(destinationTable)) {
    throw new BigQueryError('required', 'Required parameter is missing: destinationTable', {
      location: 'destinationTable',
    })
  }
  const { reference, partition } = withoutDecorator(tableReference(destinationTable, projectId))
  refuseUnknown(load)
  requireWholeNumbers(load, ['maxBadRecords', 'skipLeadingRows'])
  const { parquetOptions } = load
  return {
    destination: reference,
    ...(partition !== undefined && { partition }),
    format: formatOf(load.sourceFormat),
    uris: load.sourceUris,
    schema: schema === undefined || schema === null ? undefined : schemaOf(schema),
    autodetect: load.autodetect === true,
    writeDisposition: writeDispositionOf(load, 'WRITE_APPEND'),
    createDisposition: createDispositionOf(load),
    maxBadRecords: Number(maxBadRecords),
    ignoreUnknownValues: load.ignoreUnknownValues === true,
    schemaUpdateOptions: Array.isArray(schemaUpdateOptions) ? schemaUpdateOptions : [],
    layout: layoutOf(load),
    csv: csvOptions(load),
    enableListInference: isObject(parquetOptions) && parquetOptions.enableListInference === true,
  }
}

const refused = [
  'hivePartitioningOptions',
  'decimalTargetTypes',
  'jsonExtension',
  'nullMarkers',
  'dateFormat',
  'datetimeFormat',
  'timeFormat',
  'timestampFormat',
  'timeZone',
  'sourceColumnMatch',
  'referenceFileSchemaUri',
  'projectionFields',
  'preserveAsciiControlCharacters',
  'columnNameCharacterMap',
  'fileSetSpecType',
  'connectionProperties',
  'createSession',
]

function refuseUnknown(load: Record<string, unknown>): void {
  // bq sends null or an empty list where nothing was asked for.
  const unknown = refused.find((name) => load[name] && JSON.stringify(load[name]) !== '[]')
  if (unknown !== undefined) throw notSupported(`loads with ${unknown}`)
  const { encoding = 'UTF-8' } = load
  if (encoding !== 'UTF-8') throw notSupported(`loads in the encoding ${String(encoding)}`)
}

function formatOf(format: unknown = 'CSV'): LoadFormat {
  if (format === 'NEWLINE_DELIMITED_JSON' || format === 'CSV' || format === 'PARQUET') return format
  if (format === 'AVRO' || format === 'ORC' || format === 'DATASTORE_BACKUP') {
    throw notSupported(`loads of the format ${format}`)
  }
  throw new BigQueryError('invalid', `Invalid value for sourceFormat: ${String(format)}`, {
    location: 'sourceFormat',
  })
}

function layoutOf(load: Record<string, unknown>): Record<string, unknown> {
  const { timePartitioning, rangePartitioning, clustering, destinationTableProperties } = load
  const properties = isObject(destinationTableProperties) ? destinationTableProperties : {}
  const { description, friendlyName, labels } = properties
  const layout = {
    timePartitioning,
    rangePartitioning,
    clustering,
    description,
    friendlyName,
    labels,
  }
  return withFilterOutside(
    Object.fromEntries(Object.entries(layout).filter(([, value]) => value !== undefined)),
  )
}

function csvOptions(load: Record<string, unknown>): CsvLoadOptions {
  const { fieldDelimiter = ',', quote = '"', nullMarker = '', skipLeadingRows } = load
  return {
    delimiter: fieldDelimiter === '\\t' || fieldDelimiter === 'tab' ? '\t' : String(fieldDelimiter),
    quote: String(quote),
    allowQuotedNewlines: load.allowQuotedNewlines === true,
    allowJaggedRows: load.allowJaggedRows === true,
    skipLeadingRows: Number(skipLeadingRows ?? 0),
    detectsHeader: load.autodetect === true && (skipLeadingRows ?? '') === '',
    nullMarker: String(nullMarker),
  }
}
