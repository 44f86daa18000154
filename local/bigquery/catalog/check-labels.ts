import { BigQueryError } from '../bigquery-error.ts'
import { isObject } from '../is-object.ts'

const most = 64

/** Refuses labels that BigQuery refuses, of datasets, tables and jobs alike. */
export function checkLabels(labels: unknown): void {
  if (labels === undefined || labels === null) return
  if (!isObject(labels)) throw invalid('expected an object of texts')
  const entries = Object.entries(labels)
  if (entries.length > most) throw invalid(`there are ${entries.length}, at most ${most} may be`)
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw invalid(
        `the key "${key}" must begin with a lower-case letter, and hold at most 63 ` +
          'lower-case letters, digits, underscores and dashes',
      )
    }
    // A patch takes a label away by null.
    if (value === null) continue
    if (typeof value === 'string' && /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) continue
    throw invalid(
      `the value "${String(value)}" of "${key}" must hold at most 63 lower-case letters, digits, ` +
        'underscores and dashes',
    )
  }
}

function invalid(why: string): BigQueryError {
  return new BigQueryError('invalid', `Invalid labels: ${why}.`, { location: 'labels' })
}
