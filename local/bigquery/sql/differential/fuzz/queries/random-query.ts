import { pick, type Random } from '../../awkward-rows.ts'
import { fillRule, randomExpression } from './expressions.ts'
import { grouped, groupedBySets, totalled } from './groupings.ts'
import { pivoted, unpivoted } from './pivots.ts'
import { type Column, deeper, freshName, type Maker, type Query } from './query-maker.ts'
import { combined, recursive } from './set-operations.ts'
import { randomSource, randomTable, table } from './sources.ts'
import { orderedTypes, randomType, type Type } from './types.ts'
import { numbered, qualified, windowOverGroups } from './windows.ts'

/** A query over the maker's tables, of any shape; the simplest selects from a table. */
export function randomQuery(maker: Maker): Query {
  return pick(maker.random, shapes)(maker)
}

const shapes = [
  selected,
  selected,
  distinct,
  starred,
  limited,
  grouped,
  grouped,
  groupedBySets,
  totalled,
  combined,
  combined,
  numbered,
  numbered,
  qualified,
  windowOverGroups,
  pivoted,
  unpivoted,
  recursive,
  withQuery,
]

export type WholeQuery = { sql: string; isOrdered: boolean }

/** A statement with tables of its own. Where it is ordered, by all of its columns. */
export function randomStatement(random: Random, isForReference: boolean): WholeQuery {
  const maker: Maker = {
    random,
    isForReference,
    tables: [],
    outer: [],
    depth: 2,
    counter: { value: 0 },
  }
  const tables = Array.from({ length: 1 + random(3) }, () => randomTable(maker))
  maker.tables = tables.map(({ name, columns }) => ({ sql: name, columns }))
  const isSorted = random(4) === 3
  const query = isSorted ? limited(maker) : randomQuery(maker)
  const list = tables.map(({ name, sql }) => `${name} AS (${sql})`)
  const inner = query.sql.startsWith('WITH ') ? `SELECT * FROM (${query.sql})` : query.sql
  return { sql: `WITH ${list.join(', ')} ${inner}`, isOrdered: isSorted }
}

/** SELECT … AS c1, … over a source. */
export function selectItems(
  types: Type[],
  columns: Column[],
  maker: Maker,
): { list: string; columns: Column[] } {
  const made = types.map((type) => ({ name: freshName(maker, 'c'), type }))
  const items = made.map(({ name, type }) => {
    return `${randomExpression(type, columns, maker)} AS ${name}`
  })
  return { list: items.join(', '), columns: made }
}

export function someTypes(maker: Maker, of: (maker: Maker) => Type): Type[] {
  return Array.from({ length: 1 + maker.random(3) }, () => of(maker))
}

/** Types of columns that are there, mostly. */
export function typeAmong(columns: Column[], maker: Maker, only: readonly Type[]): Type {
  const there = columns.map(({ type }) => type).filter((type) => only.includes(type))
  return there.length > 0 && maker.random(4) < 3
    ? pick(maker.random, there)
    : pick(maker.random, [...only])
}

function selected(maker: Maker): Query {
  const source = randomSource(maker)
  const types = someTypes(maker, () => {
    const there = source.columns.map(({ type }) => type)
    return maker.random(3) < 2 ? pick(maker.random, there) : randomType(maker.random)
  })
  const { list, columns } = selectItems(types, source.columns, maker)
  return { sql: `SELECT ${list} FROM ${source.sql}${where(source.columns, maker)}`, columns }
}

export function where(columns: Column[], maker: Maker): string {
  return maker.random(3) === 2 ? fillRule(' WHERE {BOOL}', columns, maker) : ''
}

function distinct(maker: Maker): Query {
  const source = randomSource(maker)
  const types = someTypes(maker, () => typeAmong(source.columns, maker, [...orderedTypes, 'PAIR']))
  const { list, columns } = selectItems(types, source.columns, maker)
  return { sql: `SELECT DISTINCT ${list} FROM ${source.sql}`, columns }
}

function starred(maker: Maker): Query {
  const source = table(maker)
  const alias = source.columns[0]?.name.split('.')[0] ?? ''
  const plain = source.columns.map(({ name, type }) => ({ name: name.split('.')[1] ?? name, type }))
  const replaced = pick(maker.random, plain)
  const value = randomExpression(replaced.type, source.columns, maker)
  const gone = plain.length > 1 ? plain.find((column) => column !== replaced) : undefined
  const except = gone && maker.random(2) === 1 ? ` EXCEPT (${gone.name})` : ''
  return {
    sql: `SELECT ${alias}.*${except} REPLACE (${value} AS ${replaced.name}) FROM ${source.sql}${where(source.columns, maker)}`,
    columns: except ? plain.filter((column) => column !== gone) : plain,
  }
}

/** Ordered by all of its columns, so that its first rows are known. */
function limited(maker: Maker): Query {
  const source = randomSource(maker)
  const types = someTypes(maker, () => typeAmong(source.columns, maker, orderedTypes))
  const { list, columns } = selectItems(types, source.columns, maker)
  const order = columns.map(({ name }) => `${name}${direction(maker)}`)
  const limit = pick(maker.random, [
    '',
    ' LIMIT 2',
    ' LIMIT 2 OFFSET 1',
    ' LIMIT 0',
    ' LIMIT 100 OFFSET 1',
  ])
  return {
    sql: `SELECT ${list} FROM ${source.sql}${where(source.columns, maker)} ORDER BY ${order.join(', ')}${limit}`,
    columns,
  }
}

export function direction(maker: Maker): string {
  return pick(maker.random, ['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST', ' ASC NULLS FIRST'])
}

function withQuery(maker: Maker): Query {
  if (maker.depth === 0) return selected(maker)
  const name = freshName(maker, 'q')
  const inner = randomQuery(deeper(maker))
  const query = randomQuery({
    ...deeper(maker),
    tables: [{ sql: name, columns: inner.columns }, ...maker.tables],
  })
  return {
    sql: `WITH ${name} AS (${inner.sql}) ${enclosedWith(query.sql)}`,
    columns: query.columns,
  }
}

/** WITH cannot follow WITH. */
function enclosedWith(sql: string): string {
  return sql.startsWith('WITH ') ? `(${sql})` : sql
}
