import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { columnReference, type Scope } from './scope.ts'

/** ORDER BY's list. NULLs come first ascending and last descending; NaN comes before all numbers. */
export function printOrder(items: ResolvedNode[], scope: Scope): string {
  return items.flatMap((item) => orderKeys(item, scope)).join(', ')
}

function orderKeys(item: ResolvedNode, scope: Scope): string[] {
  if (item.has('collationName') || item.has('collation')) throw notSupported('collation')
  const reference = item.node('columnRef')
  reference.ignore('type', 'typeAnnotationMap')
  const column = reference.column()
  const name = columnReference(column, scope)
  const isDescending = item.flag('isDescending')
  const nulls = nullOrder(item.text('nullOrder'), isDescending)
  const key = `${name} ${isDescending ? 'DESC' : 'ASC'} ${nulls}`
  if (column.type.kind === 'RANGE') return rangeKeys(name, isDescending, nulls)
  if (column.type.kind !== 'FLOAT64') return [key]
  // DuckDB has NaN after all numbers.
  return [`isnan(${name}) ${isDescending ? 'ASC' : 'DESC'} ${nulls}`, key]
}

/** An open start comes before all others, an open end after them. */
function rangeKeys(name: string, isDescending: boolean, nulls: string): string[] {
  const [direction, open] = isDescending ? ['DESC', 'LAST'] : ['ASC', 'FIRST']
  return [
    `(CASE WHEN ${name} IS NOT NULL THEN 0 END) ${direction} ${nulls}`,
    `struct_extract(${name}, 'start') ${direction} NULLS ${open}`,
    `struct_extract(${name}, 'end') ${direction} NULLS ${isDescending ? 'FIRST' : 'LAST'}`,
  ]
}

function nullOrder(stated: string, isDescending: boolean): string {
  if (stated === 'NULLS_FIRST') return 'NULLS FIRST'
  if (stated === 'NULLS_LAST') return 'NULLS LAST'
  return isDescending ? 'NULLS LAST' : 'NULLS FIRST'
}
