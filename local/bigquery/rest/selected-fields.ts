import { BigQueryError } from '../bigquery-error.ts'
import type { Field } from '../catalog/resources.ts'
import type { WireRow, WireValue } from '../sql/sql-engine.ts'

/** Columns that a client asks for, in the table's own order, and how to cut a row down to them. */
export type Selection = { fields: Field[]; cut(row: WireRow): WireRow }

/** `selectedFields` of a request: names with commas between them, `record.field` for parts of a struct. */
export function selectFields(fields: Field[], selected: string | null): Selection {
  if (!selected) return { fields, cut: (row) => row }
  const paths = selected.split(',').map((path) => path.trim().toLowerCase().split('.'))
  for (const path of paths) requireField(fields, path)
  return select(fields, paths)
}

function select(fields: Field[], paths: string[][]): Selection {
  const kept = fields.flatMap((field, index) => {
    const inside = paths.filter(([name]) => name === field.name.toLowerCase())
    if (inside.length === 0) return []
    const rest = inside.map((path) => path.slice(1))
    // A struct that is named whole stays whole, whatever parts of it are named too.
    if (!field.fields || rest.some(({ length }) => length === 0)) {
      return [{ field, index, cut: (value: WireValue) => value }]
    }
    const inner = select(field.fields, rest)
    return [
      {
        field: { ...field, fields: inner.fields },
        index,
        cut: (v: WireValue) => cutValue(v, inner),
      },
    ]
  })
  return {
    fields: kept.map(({ field }) => field),
    cut: ({ f }) => ({ f: kept.map(({ index, cut }) => ({ v: cut(f[index]?.v ?? null) })) }),
  }
}

function cutValue(value: WireValue, inner: Selection): WireValue {
  if (value === null || typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(({ v }) => ({ v: cutValue(v, inner) }))
  return inner.cut(value)
}

function requireField(fields: Field[], [name = '', ...rest]: string[]): void {
  const field = fields.find((candidate) => candidate.name.toLowerCase() === name)
  if (!field) throw new BigQueryError('invalid', `No such field: ${name}`)
  if (rest.length > 0) requireField(field.fields ?? [], rest)
}
