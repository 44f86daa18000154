import type { Field } from '../../catalog/resources.ts'
import { createRowDecoder } from '../../database/decode-row.ts'
import { jsonColumnText } from '../../rows/json-column.ts'
import type { PartialRow } from '../../rows/column-defaults.ts'
import { readCsv, type CsvRecord } from './csv-records.ts'
import { readLines } from './lines.ts'
import type { LoadOptions } from './load-options.ts'
import { readSource, type LoadSource } from './load-source.ts'
import { parseRow } from './parse-row.ts'

export type BadRow = { position: number; message: string; source: string }
export type RowBatch = { rows: PartialRow[]; bad: BadRow[] }

/** The rows of a file for the columns of a table, in batches, with those that do not fit named. */
export async function* readRows(
  source: LoadSource,
  fields: Field[],
  options: LoadOptions,
): AsyncGenerator<RowBatch> {
  const { ignoreUnknownValues } = options
  const decode = createRowDecoder(fields, { ignoreUnknownValues, canonicalJson: jsonColumnText })
  const records = options.format === 'CSV' ? readCsvRows : readJsonRows

  for await (const batch of records(source, fields, options)) {
    const rows: PartialRow[] = []
    const bad: BadRow[] = []
    for (const { position, json, fault } of batch) {
      const decoded = fault === undefined ? decode(json) : { errors: [{ message: fault }] }
      if (decoded.errors) {
        const message = decoded.errors.map((error) => error.message).join(' ')
        bad.push({ position, message, source: source.name })
      } else rows.push(decoded.values)
    }
    yield { rows, bad }
  }
}

type Row = { position: number; json?: unknown; fault?: string }

async function* readJsonRows(source: LoadSource, fields: Field[]): AsyncGenerator<Row[]> {
  for await (const lines of readLines(readSource(source))) {
    yield lines.map(({ text, position }) => {
      try {
        return { position, json: parseRow(text, fields) }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        return { position, fault: `Parser terminated before end of string: ${error.message}` }
      }
    })
  }
}

async function* readCsvRows(
  source: LoadSource,
  fields: Field[],
  options: LoadOptions,
): AsyncGenerator<Row[]> {
  let toSkip = options.csv.skipLeadingRows
  for await (const records of readCsv(readSource(source), options.csv)) {
    const kept = records.slice(toSkip)
    toSkip = Math.max(0, toSkip - records.length)
    yield kept.map((record) => csvRow(record, fields, options))
  }
}

function csvRow(
  { fields: cells, position }: CsvRecord,
  fields: Field[],
  { csv: { allowJaggedRows, nullMarker }, ignoreUnknownValues }: LoadOptions,
): Row {
  if (cells.length > fields.length && !ignoreUnknownValues) {
    return {
      position,
      fault: `Too many values in line. Found ${cells.length} column(s) while expected ${fields.length}.`,
    }
  }
  if (cells.length < fields.length && !allowJaggedRows) {
    return {
      position,
      fault: `CSV table references column position ${cells.length}, but line contains only ${cells.length} columns.`,
    }
  }
  const members = cells.slice(0, fields.length).map(({ text, quoted }, index) => {
    const isNull = text === nullMarker && (!quoted || nullMarker !== '')
    return [fields[index]?.name ?? '', isNull ? null : text]
  })
  return { position, json: Object.fromEntries(members) }
}
