import { pick } from '../../awkward-rows.ts'
import { fillRule, randomExpression } from './expressions.ts'
import {
  type Column,
  deeper,
  freshName,
  type Maker,
  type Query,
  type Source,
} from './query-maker.ts'
import { randomQuery } from './random-query.ts'
import { unnested } from './subqueries.ts'
import { orderedTypes, type Type, typedValue } from './types.ts'

/** What stands in FROM: a table, a query, or joins of them. The simplest is a table. */
export function randomSource(maker: Maker): Source {
  const { random } = maker
  if (maker.depth === 0) return table(maker)
  return pick(random, [
    table,
    table,
    derived,
    valueTable,
    joined,
    joined,
    joinedUsing,
    crossed,
    withElements,
  ])(maker)
}

/** A table of the query's WITH. */
export function table(maker: Maker): Source {
  return named(pick(maker.random, maker.tables), maker)
}

function derived(maker: Maker): Source {
  const query = randomQuery(deeper(maker))
  return named({ sql: `(${query.sql})`, columns: query.columns }, maker)
}

/** SELECT AS STRUCT and AS VALUE give rows that are one value. */
function valueTable(maker: Maker): Source {
  const source = table(maker)
  const alias = freshName(maker, 'v')
  const rule = pick(maker.random, [
    'SELECT AS STRUCT {INT64} AS a, {STRING} AS b',
    'SELECT AS VALUE {PAIR}',
    'SELECT AS VALUE STRUCT({INT64} AS a, {STRING} AS b)',
  ])
  const columns: Column[] = [
    { name: `${alias}.a`, type: 'INT64' },
    { name: `${alias}.b`, type: 'STRING' },
  ]
  return {
    sql: `(${fillRule(rule, source.columns, maker)} FROM ${source.sql}) AS ${alias}`,
    columns,
  }
}

function named({ sql, columns }: Query, maker: Maker): Source {
  const alias = freshName(maker, 'x')
  return {
    sql: `${sql} AS ${alias}`,
    columns: columns.map(({ name, type }) => ({ name: `${alias}.${name}`, type })),
  }
}

const joins = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'INNER JOIN', 'LEFT OUTER JOIN']

function sides(maker: Maker): [Source, Source] {
  return [randomSource(deeper(maker)), table(maker)]
}

function joined(maker: Maker): Source {
  const [left, right] = sides(maker)
  const columns = [...left.columns, ...right.columns]
  // The grammar wants parentheses around what a comma joins.
  const join = left.sql.includes(', ') ? 'JOIN' : pick(maker.random, joins)
  return { sql: `${left.sql} ${join} ${right.sql} ON ${condition(left, right, maker)}`, columns }
}

/** Mostly of columns of both sides. */
function condition(left: Source, right: Source, maker: Maker): string {
  const { random } = maker
  const pairs = left.columns.flatMap((a) =>
    right.columns
      .filter(({ type }) => type === a.type && orderedTypes.includes(type))
      .map((b) => [a, b]),
  )
  const kind = random(5)
  const columns = [...left.columns, ...right.columns]
  if (kind === 4 || pairs.length === 0) return fillRule('{BOOL}', columns, maker)
  const [a, b] = pick(random, pairs)
  const operator = pick(random, ['=', '=', '<', '>=', '!=', 'IS NOT DISTINCT FROM'])
  const equality = `${a?.name} ${operator} ${b?.name}`
  return kind < 3
    ? equality
    : `${equality} ${pick(random, ['AND', 'OR'])} ${fillRule('{BOOL}', columns, maker)}`
}

function joinedUsing(maker: Maker): Source {
  const [left, right] = [table(maker), table(maker)]
  const type = pick(maker.random, orderedTypes)
  const key = freshName(maker, 'u')
  const value = freshName(maker, 'w')
  const side = (source: Source): Source => {
    const other = pick(maker.random, source.columns)
    const of = randomExpression(type, source.columns, { ...maker, depth: 0 }, 0)
    const sql = `(SELECT ${of} AS ${key}, ${other.name} AS ${value} FROM ${source.sql})`
    return named({ sql, columns: [{ name: value, type: other.type }] }, maker)
  }
  const [a, b] = [side(left), side(right)]
  const sql = `${a.sql} ${pick(maker.random, joins)} ${b.sql} USING (${key})`
  return { sql, columns: [{ name: key, type }, ...a.columns, ...b.columns] }
}

function crossed(maker: Maker): Source {
  const [left, right] = [table(maker), table(maker)]
  const join = pick(maker.random, [',', ' CROSS JOIN'])
  return { sql: `${left.sql}${join} ${right.sql}`, columns: [...left.columns, ...right.columns] }
}

function withElements(maker: Maker): Source {
  const { random } = maker
  const left = random(3) === 2 ? randomSource(deeper(maker)) : table(maker)
  const type = pick(random, ['INTS', 'STRINGS', 'PAIRS', 'FLOATS'] as const)
  const ofType = left.columns.filter((column) => column.type === type)
  const array =
    ofType.length > 0 && random(3) < 2
      ? pick(random, ofType).name
      : randomExpression(type, left.columns, { ...maker, depth: 0 }, 1)
  const alias = freshName(maker, 'e')
  const right = unnested(array, { type, alias, place: random(2) === 1 ? `${alias}_o` : undefined })
  const columns = [...left.columns, ...right.columns]
  const join = pick(random, [
    ',',
    ' CROSS JOIN',
    ' LEFT JOIN',
    ' JOIN',
    ' LEFT JOIN ON',
    ' JOIN ON',
  ])
  if (!join.endsWith(' ON')) return { sql: `${left.sql}${join} ${right.sql}`, columns }
  const on = fillRule(' ON {BOOL}', columns, { ...maker, depth: 0 })
  return { sql: `${left.sql}${join.slice(0, -3)} ${right.sql}${on}`, columns }
}

/** The tables that a whole query begins with: a few rows each, some of them twice. */
export function randomTable(maker: Maker): { name: string; sql: string; columns: Column[] } {
  const { random } = maker
  const name = freshName(maker, 't')
  const types = Array.from({ length: 1 + random(4) }, () => pick(random, tableTypes))
  const columns = types.map((type) => ({ name: freshName(maker, 'c'), type }))
  const rows = Array.from({ length: 1 + random(5) }, () => {
    const values = columns.map(
      ({ name: column, type }) => `${typedValue(type, random)} AS ${column}`,
    )
    return `SELECT ${values.join(', ')}`
  })
  if (random(3) === 2) rows.push(rows[0] ?? '')
  if (random(12) === 11) rows.splice(0, rows.length, `${rows[0]} FROM UNNEST([1]) WHERE FALSE`)
  return { name, sql: rows.join(' UNION ALL '), columns }
}

const tableTypes: Type[] = [
  'INT64',
  'STRING',
  'INT64',
  'FLOAT64',
  'STRING',
  'NUMERIC',
  'BOOL',
  'DATE',
  'TIMESTAMP',
  'DATETIME',
  'TIME',
  'BYTES',
  'JSON',
  'INTS',
  'STRINGS',
  'FLOATS',
  'PAIR',
  'PAIRS',
]
