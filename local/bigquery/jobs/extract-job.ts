import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { encodeRow } from '../database/encode-wire.ts'
import { livingRows } from '../database/expired-partitions.ts'
import { identifier } from '../database/names.ts'
import { parquetFile } from '../database/parquet-file.ts'
import { isObject } from '../is-object.ts'
import { existing } from '../catalog/find-table.ts'
import { holdsRows } from '../catalog/tables.ts'
import type { ExportPort } from '../sql/execute/export-port.ts'
import { refuseRowAccess } from '../catalog/row-access.ts'
import { tableReference } from './references.ts'
import type { JobRunner } from './submit-job.ts'

/** Prepares the writing of a table to files of Cloud Storage: one file for each URI. */
export function createExtractRunner(catalog: Catalog, exportFile: ExportPort): JobRunner {
  return ({ projectId }, { configuration: { extract = {} } }) => {
    const options = extractOptions(extract, projectId)

    return async () => {
      const { source, compression, ...file } = options
      const { uri, format, overwrite } = file
      const content = await catalog.read(async ({ connection, catalog: view }) => {
        const table = existing(view, source)
        if (!holdsRows(table.type)) {
          throw new BigQueryError('invalid', `Cannot extract a table of type ${table.type}.`)
        }
        refuseRowAccess(table, 'an extract of')
        const { fields } = table.schema
        const columns = fields.map(({ name }) => identifier(name)).join(', ')
        const sql = `SELECT ${columns} FROM ${livingRows(table, view.now())}`
        if (format === 'PARQUET') {
          const { body } = await parquetFile(connection, { sql, fields, compression })
          return { uri, format, overwrite, body }
        }
        const result = await connection.runAndReadAll(sql)
        const rows = result.getRows().map((row) => encodeRow(row, fields))
        return { ...file, format, fields, rows, gzip: compression === 'GZIP' }
      })
      await exportFile(content)
      return { statistics: { extract: { destinationUriFileCounts: ['1'] } } }
    }
  }
}

const formats: Record<string, 'CSV' | 'JSON' | 'PARQUET' | undefined> = {
  CSV: 'CSV',
  NEWLINE_DELIMITED_JSON: 'JSON',
  PARQUET: 'PARQUET',
}

function extractOptions(extract: Record<string, unknown>, projectId: string) {
  const { sourceTable, destinationUris, destinationUri, compression = 'NONE' } = extract
  if (!isObject(sourceTable)) throw notSupported('extract jobs of anything but a table')
  const uris: unknown[] = Array.isArray(destinationUris) ? destinationUris : [destinationUri]
  if (uris.length !== 1) throw notSupported('extract jobs to several URIs')
  const { destinationFormat: format = 'CSV', fieldDelimiter = ',', printHeader = true } = extract
  const known = formats[String(format)]
  if (!known) throw notSupported(`extract jobs of the format ${String(format)}`)
  if (known !== 'PARQUET' && compression !== 'NONE' && compression !== 'GZIP') {
    throw notSupported(`extract jobs with the compression ${String(compression)}`)
  }
  return {
    source: tableReference(sourceTable, projectId),
    uri: String(uris[0]),
    format: known,
    overwrite: true,
    compression: String(compression),
    delimiter: fieldDelimiter === '\\t' || fieldDelimiter === 'tab' ? '\t' : String(fieldDelimiter),
    header: printHeader !== false,
  }
}
