import { pick } from '../../awkward-rows.ts'
import { fillRule, randomExpression } from './expressions.ts'
import { type Column, deeper, freshName, type Maker, type Source } from './query-maker.ts'
import { elements, isOrdered, type Type } from './types.ts'

/**
 * What may stand between the parentheses of a subquery, by its type: `{FROM}` with its WHERE, the
 * rest over what stands there. Each gives one value, whatever the order of the rows.
 */
const rules: Partial<Record<Type, string[]>> = {
  INT64: [
    'SELECT COUNT(*) {FROM}',
    'SELECT COUNT({STRING}) {FROM}',
    'SELECT COUNT(DISTINCT {INT64}) {FROM}',
    'SELECT COUNTIF({BOOL}) {FROM}',
    'SELECT SUM(LENGTH({STRING})) {FROM}',
  ],
  STRING: [`SELECT STRING_AGG({STRING#1}, ',' ORDER BY {STRING#1}) {FROM}`],
  BOOL: ['SELECT LOGICAL_AND({BOOL}) {FROM}', 'SELECT LOGICAL_OR({BOOL}) {FROM}'],
  PAIR: ['SELECT AS STRUCT {INT64} AS a, {STRING} AS b {FROM} ORDER BY a, b LIMIT 1'],
}

const ofOrdered = (type: Type): string[] => [
  `SELECT MAX({${type}}) {FROM}`,
  `SELECT MIN({${type}}) {FROM}`,
  `SELECT {${type}} AS v {FROM} ORDER BY v LIMIT 1`,
  `SELECT {${type}} AS v {FROM} ORDER BY v DESC NULLS FIRST LIMIT 1 OFFSET 1`,
  `SELECT DISTINCT {${type}} AS v {FROM} ORDER BY v NULLS LAST LIMIT 1`,
]

const arrayRules = (element: Type): string[] => [
  `ARRAY(SELECT {${element}} AS v {FROM} ORDER BY v)`,
  `ARRAY(SELECT {${element}} AS v {FROM} ORDER BY v DESC NULLS FIRST LIMIT 2)`,
  `ARRAY(SELECT DISTINCT {${element}} AS v {FROM} ORDER BY v)`,
]

const predicates = [
  'EXISTS(SELECT 1 {FROM})',
  'NOT EXISTS(SELECT {STRING} {FROM})',
  '{INT64!} IN (SELECT {INT64} {FROM})',
  '{STRING!} IN (SELECT {STRING} {FROM})',
  '{STRING!} NOT IN (SELECT {STRING} {FROM})',
  '{DATE!} NOT IN (SELECT {DATE} {FROM})',
  '{NUMERIC!} IN (SELECT {INT64} {FROM})',
]

/** A subquery that gives a value of the type and may use the columns outside of it, or undefined. */
export function randomSubquery(type: Type, outer: Column[], maker: Maker): string | undefined {
  if (maker.depth === 0) return undefined
  const all = rulesFor(type)
  if (all.length === 0) return undefined
  const rule = pick(maker.random, all)
  const inside = { ...deeper(maker), outer: [...maker.outer, ...outer] }
  const source = subquerySource(type, inside)
  const where = maker.random(2) === 1 ? fillRule(' WHERE {BOOL}', source.columns, inside) : ''
  const withOuter = rule.replaceAll(/\{(\w+)!\}/g, (_, name: Type) =>
    randomExpression(name, outer, { ...maker, depth: 0 }, 1),
  )
  const sql = fillRule(
    withOuter.replace('{FROM}', 'FROM_AND_WHERE'),
    source.columns,
    inside,
  ).replace('FROM_AND_WHERE', () => `FROM ${source.sql}${where}`)
  return rule.startsWith('SELECT') ? `(${sql})` : sql
}

function rulesFor(type: Type): string[] {
  const element = elements[type]
  if (element && isOrdered(element)) return arrayRules(element)
  if (type === 'PAIRS') return pairs
  const own = rules[type] ?? []
  const ordered = isOrdered(type) ? ofOrdered(type) : []
  return [...own, ...ordered, ...(type === 'BOOL' ? predicates : [])]
}

const pairs = [
  'ARRAY(SELECT AS STRUCT {INT64} AS a, {STRING} AS b {FROM} ORDER BY a, b)',
  'ARRAY(SELECT AS STRUCT {INT64} AS a, {STRING} AS b {FROM} ORDER BY b DESC, a LIMIT 2)',
]

/** A table, or the elements of an array from outside. */
function subquerySource(_: Type, maker: Maker): Source {
  const { random } = maker
  const alias = freshName(maker, 's')
  if (random(2) === 0) {
    const table = pick(random, maker.tables)
    const columns = table.columns.map(({ name, type }) => ({ name: `${alias}.${name}`, type }))
    return { sql: `${table.sql} AS ${alias}`, columns }
  }
  const type = pick(random, ['INTS', 'STRINGS', 'PAIRS', 'FLOATS'] as const)
  const array = randomExpression(type, [], { ...maker, depth: 0 }, 1)
  return unnested(array, { type, alias, place: random(2) === 1 ? `${alias}_o` : undefined })
}

/** UNNEST with its columns; the fields of structs are columns too. */
export function unnested(
  array: string,
  { type, alias, place }: { type: Type; alias: string; place: string | undefined },
): Source {
  const element = elements[type]
  if (!element) throw new Error(`${type} is no array`)
  const fields: Column[] =
    element === 'PAIR'
      ? [
          { name: `${alias}.a`, type: 'INT64' },
          { name: `${alias}.b`, type: 'STRING' },
        ]
      : [{ name: alias, type: element }]
  const offset: Column[] = place === undefined ? [] : [{ name: place, type: 'INT64' }]
  const withOffset = place === undefined ? '' : ` WITH OFFSET AS ${place}`
  return { sql: `UNNEST(${array}) AS ${alias}${withOffset}`, columns: [...fields, ...offset] }
}
