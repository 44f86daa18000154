import { gzipSync } from 'node:zlib'
import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { ExportFile, ExportPort } from '../sql/execute/export-port.ts'
import { exportCsv, exportJson } from './export-text.ts'
import { listObjects, parseGsUri, writeObject } from './storage-objects.ts'

/** Writes exports to the local Cloud Storage, each as one file. */
export function createExportFile(storageHost: string | undefined): ExportPort {
  return async (file) => {
    if (storageHost === undefined) {
      throw new BigQueryError(
        'invalid',
        `${file.uri} cannot be written: no local Cloud Storage is known; start the local BigQuery ` +
          'with one or set STORAGE_EMULATOR_HOST.',
      )
    }
    const { bucket, pattern } = parseGsUri(file.uri)
    if (!file.overwrite && (await listObjects(storageHost, bucket, pattern)).length > 0) {
      throw notSupported(`an export to ${file.uri}, where something is already, without overwrite`)
    }
    await writeObject(storageHost, bucket, {
      // BigQuery numbers the files of a pattern.
      name: pattern.replace('*', '000000000000'),
      body: bodyOf(file),
      contentType: 'application/octet-stream',
    })
  }
}

function bodyOf(file: ExportFile): Uint8Array {
  if (file.format === 'PARQUET') return file.body
  const { fields, rows, gzip } = file
  const text = file.format === 'CSV' ? exportCsv(fields, rows, file) : exportJson(fields, rows)
  return gzip ? gzipSync(text) : Buffer.from(text)
}
