import { DuckDBBlobValue, DuckDBDecimalValue, type DuckDBValue } from '@duckdb/node-api'
import type { Field } from '../catalog/resources.ts'
import { typeText } from '../sql/execute/ddl/type-text.ts'
import { ValueError } from './decode-value.ts'

/** What STRING(n), BYTES(n) and NUMERIC(p, s) hold of a value: rounded to their scale, or an error. */
export function fitValue(field: Field, value: DuckDBValue): DuckDBValue {
  const { maxLength, precision } = field
  if (maxLength !== undefined) requireLength(field, value, Number(maxLength))
  return precision !== undefined && value instanceof DuckDBDecimalValue
    ? fitNumeric(field, value)
    : value
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

/** NUMERICs are kept with nine decimals, whatever their scale is. */
function fitNumeric(field: Field, { value, width, scale: kept }: DuckDBDecimalValue): DuckDBValue {
  const { precision = '38', scale = '0' } = field
  const unit = 10n ** BigInt(kept - Number(scale))
  const magnitude = (((value < 0n ? -value : value) + unit / 2n) / unit) * unit
  if (magnitude < 10n ** BigInt(Number(precision) - Number(scale) + kept)) {
    return new DuckDBDecimalValue(value < 0n ? -magnitude : magnitude, width, kept)
  }
  throw new ValueError(
    `Field ${field.name}: ${itemText(field)} has precision ${precision} and scale ${scale} but got a value that is not in range`,
  )
}

function itemText(field: Field): string {
  const { mode: _, ...item } = field
  return typeText(item)
}
