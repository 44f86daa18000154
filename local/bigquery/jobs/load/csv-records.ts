import { BigQueryError } from '../../bigquery-error.ts'

export type CsvOptions = {
  delimiter: string
  /** Empty: nothing is quoted. */
  quote: string
  allowQuotedNewlines: boolean
}

/** A field is null where it is empty without quotes; what was quoted is always a text. */
export type CsvField = { text: string; quoted: boolean }
export type CsvRecord = { fields: CsvField[]; position: number }

/** The records of a CSV file, as RFC 4180 has them, in lists as they arrive. */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  options: CsvOptions,
): AsyncGenerator<CsvRecord[]> {
  const decoder = new TextDecoder()
  let text = ''
  let position = 0
  let first = true
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    if (first) text = text.replace(/^\uFEFF/, '')
    first = false
    const { records, used } = recordsOf(text, position, options, { atEnd: false })
    if (records.length > 0) yield records
    position += Buffer.byteLength(text.slice(0, used))
    text = text.slice(used)
  }
  text += decoder.decode()
  const { records } = recordsOf(text, position, options, { atEnd: true })
  if (records.length > 0) yield records
}

function recordsOf(
  text: string,
  start: number,
  options: CsvOptions,
  { atEnd }: { atEnd: boolean },
): { records: CsvRecord[]; used: number } {
  const records: CsvRecord[] = []
  let used = 0
  let position = start
  while (used < text.length) {
    const record = readRecord(text, used, options, atEnd)
    if (!record) break
    const isBlank = record.fields.length === 1 && record.fields[0]?.text === ''
    if (!isBlank || record.fields[0]?.quoted) records.push({ fields: record.fields, position })
    position += Buffer.byteLength(text.slice(used, record.end))
    used = record.end
  }
  return { records, used }
}

/** One record from `start` on, or nothing where more text must arrive to know its end. */
function readRecord(
  text: string,
  start: number,
  options: CsvOptions,
  atEnd: boolean,
): { fields: CsvField[]; end: number } | undefined {
  const fields: CsvField[] = []
  let at = start
  for (;;) {
    const field = readField(text, at, options, atEnd)
    if (!field) return undefined
    fields.push({ text: field.text, quoted: field.quoted })
    at = field.end
    if (text.startsWith(options.delimiter, at)) {
      at += options.delimiter.length
      continue
    }
    if (at >= text.length) return atEnd ? { fields, end: at } : undefined
    if (text[at] === '\r' && at + 1 >= text.length && !atEnd) return undefined
    return { fields, end: text.startsWith('\r\n', at) ? at + 2 : at + 1 }
  }
}

function readField(
  text: string,
  start: number,
  options: CsvOptions,
  atEnd: boolean,
): (CsvField & { end: number }) | undefined {
  const { quote } = options
  return quote !== '' && text[start] === quote
    ? readQuoted(text, start, options, atEnd)
    : readBare(text, start, options)
}

function readBare(
  text: string,
  start: number,
  { delimiter }: CsvOptions,
): CsvField & { end: number } {
  let end = start
  while (
    end < text.length &&
    text[end] !== '\n' &&
    text[end] !== '\r' &&
    !text.startsWith(delimiter, end)
  ) {
    end += 1
  }
  return { text: text.slice(start, end), quoted: false, end }
}

function readQuoted(
  text: string,
  start: number,
  { quote, delimiter, allowQuotedNewlines }: CsvOptions,
  atEnd: boolean,
): (CsvField & { end: number }) | undefined {
  let value = ''
  let from = start + 1
  for (;;) {
    const end = text.indexOf(quote, from)
    if (end < 0) {
      if (!atEnd) return undefined
      throw malformed('a quoted field is not closed')
    }
    value += text.slice(from, end)
    const next = text[end + 1]
    if (next === undefined && !atEnd) return undefined
    if (next === quote) {
      value += quote
      from = end + 2
      continue
    }
    if (!allowQuotedNewlines && /[\r\n]/.test(value)) {
      throw malformed('a quoted field holds a line break (allow it with allowQuotedNewlines)')
    }
    const ends = next === undefined || next === '\n' || next === '\r'
    if (!ends && !text.startsWith(delimiter, end + 1)) {
      throw malformed(`Data between close quote character (${quote}) and field separator`)
    }
    return { text: value, quoted: true, end: end + 1 }
  }
}

function malformed(what: string): BigQueryError {
  return new BigQueryError('invalid', `Error while reading data, error message: CSV: ${what}.`)
}
