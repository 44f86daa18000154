import {
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { Labels } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { evaluateConstant } from '../evaluate.ts'
import type { Work } from '../work.ts'

/** OPTIONS(…) of a statement; an option that is set to NULL has the value null. */
export type Options = ReadonlyMap<string, DuckDBValue>

/** Reads the options of a statement, and refuses those that are not in `known`. */
export async function readOptions(
  work: Work,
  statement: ResolvedNode,
  known: readonly string[],
): Promise<Options> {
  const options = new Map<string, DuckDBValue>()
  for (const option of statement.nodes('optionList')) {
    const name = option.text('name').toLowerCase()
    if (!known.includes(name)) throw notSupported(`the option ${name} here`)
    options.set(name, await evaluateConstant(work, option.node('value')))
  }
  return options
}

/** Absent where the option is not given or NULL. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options.get(name)
  return typeof value === 'string' ? value : undefined
}

export function flagOption(options: Options, name: string): boolean | undefined {
  const value = options.get(name)
  return typeof value === 'boolean' ? value : undefined
}

/** A number of days, hours or minutes. */
export function numberOption(options: Options, name: string): number | undefined {
  const value = options.get(name)
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  return typeof value === 'number' ? value : undefined
}

/** Milliseconds since the epoch, as the REST API writes times. */
export function timeOption(options: Options, name: string): string | undefined {
  const value = options.get(name)
  return value instanceof DuckDBTimestampTZValue ? String(value.micros / 1000n) : undefined
}

export function labelsOption(options: Options, name: string): Labels | undefined {
  const value = options.get(name)
  if (!(value instanceof DuckDBListValue)) return undefined
  const labels: Labels = {}
  for (const item of value.items) {
    const [key, text] = item instanceof DuckDBStructValue ? Object.values(item.entries) : []
    if (typeof key !== 'string' || typeof text !== 'string') {
      throw new BigQueryError('invalidQuery', `Invalid value for option ${name}`, {
        location: 'query',
      })
    }
    labels[key] = text
  }
  return labels
}
