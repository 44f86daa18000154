import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { parquetFile } from '../../database/parquet-file.ts'
import { runForRows } from '../../database/result-rows.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import { flagOption, readOptions, textOption, type Options } from './ddl/options.ts'
import type { Outcome } from './outcome.ts'
import { prepareQuery } from './query.ts'
import type { Work } from './work.ts'

const known = ['uri', 'format', 'overwrite', 'header', 'field_delimiter', 'compression']

/** EXPORT DATA: the rows of a query as one file, however many BigQuery would make of them. */
export async function runExportData(work: Work, analysis: Analysis): Promise<Outcome> {
  const options = await readOptions(work, analysis.statement, known)
  const { session, connection } = work
  const uri = requiredText(options, 'uri')
  const format = formatOf(options)
  const compression = (textOption(options, 'compression') ?? 'NONE').toUpperCase()
  if (format !== 'PARQUET' && compression !== 'NONE' && compression !== 'GZIP') {
    throw notSupported(`EXPORT DATA with the compression ${compression}`)
  }
  if (uri.split('*').length !== 2) throw invalid("Option 'uri' value must be a wild card URI.")

  const { sql, fields, ...prepared } = await prepareQuery(work, analysis)
  const { totalBytesProcessed, referencedTables } = prepared
  const outcome = { statementType: 'EXPORT_DATA', totalBytesProcessed, referencedTables }
  if (session.request.dryRun) return outcome

  const { exportFile } = session.parts
  if (!exportFile) throw notSupported('EXPORT DATA without a local Cloud Storage')
  const overwrite = flagOption(options, 'overwrite') ?? false
  if (format === 'PARQUET') {
    const { body, rowCount } = await parquetFile(connection, { sql, fields, compression })
    await exportFile({ uri, overwrite, format, body })
    return { ...outcome, exportDataStatistics: { fileCount: 1n, rowCount: BigInt(rowCount) } }
  }
  const result = await runForRows(connection, sql, fields)
  const rows = result.read(0, result.count)
  const file = {
    uri,
    fields,
    rows,
    gzip: compression === 'GZIP',
    overwrite,
  }
  if (format === 'JSON') await exportFile({ ...file, format })
  else {
    const delimiter = textOption(options, 'field_delimiter') ?? ','
    await exportFile({ ...file, format, delimiter, header: flagOption(options, 'header') ?? true })
  }
  return { ...outcome, exportDataStatistics: { fileCount: 1n, rowCount: BigInt(rows.length) } }
}

function formatOf(options: Options): 'CSV' | 'JSON' | 'PARQUET' {
  const format = requiredText(options, 'format').toUpperCase()
  if (format === 'CSV' || format === 'JSON' || format === 'PARQUET') return format
  if (format === 'AVRO') throw notSupported('EXPORT DATA in the format AVRO')
  throw invalid(`'${format}' is not a valid value; failed to set 'format' in EXPORT DATA OPTIONS`)
}

function requiredText(options: Options, name: string): string {
  const text = textOption(options, name)
  if (text) return text
  throw invalid(`Option '${name}' is missing or empty.`)
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
