import { notSupported } from '../bigquery-error.ts'
import type { Field } from '../catalog/resources.ts'
import { dateTimeText } from '../database/time-text.ts'
import type { WireRow, WireValue } from '../sql/sql-engine.ts'

/** Rows as BigQuery exports them to CSV; it has no form for arrays and structs. */
export function exportCsv(
  fields: Field[],
  rows: WireRow[],
  { delimiter, header }: { delimiter: string; header: boolean },
): string {
  const nested = fields.find(({ type, mode }) => type === 'RECORD' || mode === 'REPEATED')
  if (nested) throw notSupported(`CSV exports of nested or repeated columns (${nested.name})`)
  const quote = (text: string): string =>
    text === '' || /["\r\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text
  const lines = rows.map(({ f: cells }) =>
    fields.map((field, index) => {
      const value = cells[index]?.v ?? null
      return typeof value === 'string' ? quote(exportedText(field, value)) : ''
    }),
  )
  const names = header ? [fields.map(({ name }) => quote(name))] : []
  return [...names, ...lines].map((cells) => `${cells.join(delimiter)}\n`).join('')
}

/** Rows as lines of JSON: nulls are left out, INT64 and NUMERIC are texts. */
export function exportJson(fields: Field[], rows: WireRow[]): string {
  return rows.map((row) => `${objectText(fields, row)}\n`).join('')
}

function objectText(fields: Field[], { f: cells }: WireRow): string {
  const members = fields.flatMap((field, index) => {
    const value = cells[index]?.v ?? null
    return value === null ? [] : [`${JSON.stringify(field.name)}:${valueText(field, value)}`]
  })
  return `{${members.join(',')}}`
}

function valueText(field: Field, value: WireValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(({ v }) => valueText(field, v)).join(',')}]`
  if (typeof value === 'object') return objectText(field.fields ?? [], value)
  switch (field.type) {
    case 'BOOLEAN':
    case 'JSON':
      return value
    case 'FLOAT':
      return Number.isFinite(Number(value)) ? String(Number(value)) : JSON.stringify(value)
    default:
      return JSON.stringify(exportedText(field, value))
  }
}

/** `2024-01-15 12:34:56.789 UTC`: exports write times as SQL's CAST does, with the zone's name. */
function exportedText({ type }: Field, value: string): string {
  if (type !== 'TIMESTAMP') return value
  return `${dateTimeText(BigInt(value))
    .replace('T', ' ')
    .replace(/(\.\d*?)0+$/, '$1')} UTC`
}
