import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printJsonItems } from '../functions/json-reading.ts'
import { type ArrayRows, arrayRowsOf } from './array-rows.ts'
import { printExpression } from './expressions.ts'
import { newJsonPaths, readPaths } from './json-paths.ts'
import { type JsonFields, readFields } from './json-shape.ts'
import { columnReference, fresh, type Scope } from './scope.ts'

/**
 * `ARRAY(SELECT … FROM UNNEST(a) …)` as `list_transform`, which is much faster than a correlated
 * subquery; undefined for every other subquery. NULL for a NULL array.
 */
export function printArrayTransform(subquery: ResolvedNode, scope: Scope): string | undefined {
  const rows = arrayRowsOf(subquery, scope)
  if (!rows) return undefined
  const { list, parameters, value } = printRows(rows, scope)
  return value === parameters ? list : `list_transform(${list}, lambda ${parameters}: ${value})`
}

/** `EXISTS (SELECT … FROM UNNEST(a) …)` in the same way. */
export function printArrayExists(subquery: ResolvedNode, scope: Scope): string | undefined {
  const rows = arrayRowsOf(subquery, scope)
  return rows && `((len(${printRows(rows, scope).list}) > 0) IS TRUE)`
}

/** The elements that pass the filters, and what each gives. */
type PrintedRows = { list: string; parameters: string; value: string }

function printRows(rows: ArrayRows, scope: Scope): PrintedRows {
  const element = fresh(scope, '_e')
  if (rows.element.type.kind === 'JSON') return printJsonRows(rows, element, scope)
  const body = printBody(rows, { element, value: element }, scope)
  return filtered(printExpression(rows.array, scope), body)
}

/** A JSON element is parsed once for all that is read of it, if it may be together with the array. */
function printJsonRows(rows: ArrayRows, element: string, scope: Scope): PrintedRows {
  const whole = `${element}.whole`
  const read = (struct: string) => {
    const jsonPaths = newJsonPaths([rows.element], { struct, list: `${element}.paths` })
    const body = printBody(rows, { element, value: whole }, { ...scope, jsonPaths })
    const { fields = new Map(), paths = [] } = jsonPaths.columns.get(rows.element.id) ?? {}
    return { body, fields: fields as JsonFields, paths }
  }
  const { body, fields, paths } = read(element)
  const isWhole = [body.value, ...body.filters].some((sql) => sql.includes(whole))
  if (fields.size > 0 && paths.length === 0 && !isWhole) {
    const items = printJsonItems(rows.array, fields, scope)
    return filtered(items ?? eachRead(rows, readFields('_e', fields), scope), body)
  }
  const parts = read(`${element}.fields`)
  const members = [
    `whole := _e`,
    ...(fields.size > 0 ? [`fields := ${readFields('_e', fields)}`] : []),
    ...(paths.length > 0 ? [`paths := ${readPaths('_e', paths)}`] : []),
  ]
  return filtered(eachRead(rows, `struct_pack(${members.join(', ')})`, scope), parts.body)
}

function eachRead({ array }: ArrayRows, read: string, scope: Scope): string {
  return `list_transform(${printExpression(array, scope)}, lambda _e: ${read})`
}

type Body = { filters: string[]; parameters: string; value: string }

function filtered(list: string, { filters, parameters, value }: Body): PrintedRows {
  const kept = filters.reduce(
    (rest, filter) => `list_filter(${rest}, lambda ${parameters}: ${filter})`,
    list,
  )
  return { list: kept, parameters, value }
}

/** The steps by lambda parameters: the element, in which `value` is the column's, and its place. */
function printBody(
  { element, offset, steps, result }: ArrayRows,
  names: { element: string; value: string },
  scope: Scope,
): Body {
  scope.names.set(element.id, names.value)
  const place = `${names.element}_place`
  if (offset) scope.names.set(offset.id, `(${place} - 1)`)
  const filters: string[] = []
  for (const step of steps) {
    if (step.kind === 'FilterScan') {
      filters.push(printExpression(step.node('filterExpr'), scope))
      continue
    }
    for (const computed of step.nodes('exprList')) {
      scope.names.set(computed.column().id, printExpression(computed.node('expr'), scope))
    }
  }
  const parameters = offset ? `${names.element}, ${place}` : names.element
  return { filters, parameters, value: columnReference(result, scope) }
}
