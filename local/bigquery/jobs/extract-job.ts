import { gzipSync } from 'node:zlib'
import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { encodeRow } from '../database/encode-wire.ts'
import { identifier, tableName } from '../database/names.ts'
import { isObject } from '../rest/body.ts'
import { existingForRows } from '../rest/tables.ts'
import { exportCsv, exportJson } from './export-text.ts'
import { tableReference } from './references.ts'
import { parseGsUri, writeObject } from './storage-objects.ts'
import type { JobRunner } from './submit-job.ts'

/** Prepares the writing of a table to files of Cloud Storage: one file for each URI. */
export function createExtractRunner(catalog: Catalog, storageHost: string | undefined): JobRunner {
  return ({ projectId }, { configuration: { extract = {} } }) => {
    const options = extractOptions(extract, projectId)
    const host = requireHost(storageHost)

    return async () => {
      const body = await catalog.read(async ({ connection, catalog: view }) => {
        const table = existingForRows(view, options.source)
        const { fields } = table.schema
        const columns = fields.map(({ name }) => identifier(name)).join(', ')
        const rows = await connection.runAndReadAll(
          `SELECT ${columns} FROM ${tableName(options.source)}`,
        )
        const encoded = rows.getRows().map((row) => encodeRow(row, fields))
        return options.format === 'CSV'
          ? exportCsv(fields, encoded, options)
          : exportJson(fields, encoded)
      })
      const { bucket, pattern } = options.target
      // BigQuery numbers the files of a pattern; a table of this size is one file.
      const name = pattern.replace('*', '000000000000')
      const bytes = options.gzip ? gzipSync(body) : Buffer.from(body)
      await writeObject(host, bucket, {
        name,
        body: bytes,
        contentType: 'application/octet-stream',
      })
      return {
        statistics: {
          extract: { destinationUriFileCounts: ['1'], inputBytes: String(Buffer.byteLength(body)) },
        },
      }
    }
  }
}

function extractOptions(extract: Record<string, unknown>, projectId: string) {
  const { sourceTable, destinationUris, destinationUri, compression = 'NONE' } = extract
  if (!isObject(sourceTable)) throw notSupported('extract jobs of anything but a table')
  const uris: unknown[] = Array.isArray(destinationUris) ? destinationUris : [destinationUri]
  if (uris.length !== 1) throw notSupported('extract jobs to several URIs')
  const { destinationFormat: format = 'CSV', fieldDelimiter = ',', printHeader = true } = extract
  if (format !== 'CSV' && format !== 'NEWLINE_DELIMITED_JSON') {
    throw notSupported(`extract jobs of the format ${String(format)}`)
  }
  if (compression !== 'NONE' && compression !== 'GZIP') {
    throw notSupported(`extract jobs with the compression ${String(compression)}`)
  }
  return {
    source: tableReference(sourceTable, projectId),
    target: parseGsUri(String(uris[0])),
    format,
    gzip: compression === 'GZIP',
    delimiter: fieldDelimiter === '\\t' || fieldDelimiter === 'tab' ? '\t' : String(fieldDelimiter),
    header: printHeader !== false,
  }
}

function requireHost(storageHost: string | undefined): string {
  if (storageHost !== undefined) return storageHost
  throw new BigQueryError(
    'invalid',
    'Nothing can be written: no local Cloud Storage is known; start the local BigQuery with one or ' +
      'set STORAGE_EMULATOR_HOST.',
  )
}
