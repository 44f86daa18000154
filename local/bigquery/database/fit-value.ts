import { DuckDBBlobValue, DuckDBDecimalValue, type DuckDBValue } from '@duckdb/node-api'
import type { Field } from '../catalog/resources.ts'
import { typeText } from '../sql/execute/ddl/type-text.ts'
import { ValueError } from './decode-value.ts'
import { bignumericScale, divideRounded } from './decimal.ts'

/** What STRING(n), BYTES(n), NUMERIC(p, s) and BIGNUMERIC(p, s) hold of a value: rounded to their scale, or an error. */
export function fitValue(field: Field, value: DuckDBValue): DuckDBValue {
  const { maxLength, precision } = field
  if (maxLength !== undefined) requireLength(field, value, Number(maxLength))
  if (precision === undefined) return value
  if (value instanceof DuckDBDecimalValue) {
    const { value: unscaled, width, scale } = value
    return new DuckDBDecimalValue(fitDigits(field, unscaled, scale), width, scale)
  }
  return typeof value === 'bigint' ? fitDigits(field, value, bignumericScale) : value
}

function requireLength(field: Field, value: DuckDBValue, longest: number): void {
  const length = lengthOf(value)
  if (length <= longest) return
  throw new ValueError(
    `Field ${field.name}: ${itemText(field)} has maximum length ${longest} but got a value with length ${length}`,
  )
}

/** Characters of a text, bytes of bytes. */
function lengthOf(value: DuckDBValue): number {
  if (value instanceof DuckDBBlobValue) return value.bytes.length
  return typeof value === 'string' ? [...value].length : 0
}

/** They are kept with all decimals of their type, whatever their scale is. */
function fitDigits(field: Field, unscaled: bigint, kept: number): bigint {
  const { precision = '38', scale = '0' } = field
  const unit = 10n ** BigInt(kept - Number(scale))
  const rounded = divideRounded(unscaled, unit)
  const limit = 10n ** BigInt(precision)
  if (rounded < limit && -rounded < limit) return rounded * unit
  throw new ValueError(
    `Field ${field.name}: ${itemText(field)} has precision ${precision} and scale ${scale} but got a value that is not in range`,
  )
}

function itemText(field: Field): string {
  const { mode: _, ...item } = field
  return typeText(item)
}
