import { pick } from '../../awkward-rows.ts'
import { aggregateRules, aggregateTypes } from './aggregate-rules.ts'
import { fillRule } from './expressions.ts'
import { type Column, freshName, type Maker, type Query } from './query-maker.ts'
import { selectItems, someTypes, typeAmong, where } from './random-query.ts'
import { randomSource } from './sources.ts'
import { orderedTypes, type Type } from './types.ts'

const groupable: Type[] = [...orderedTypes, 'PAIR']

type Aggregate = Column & { sql: string }

function aggregate(columns: Column[], maker: Maker): Aggregate {
  const type = pick(maker.random, aggregateTypes)
  const rule = pick(maker.random, aggregateRules[type] ?? [])
  const sql = fillRule(rule, columns, { ...maker, depth: 0 })
  return { name: freshName(maker, 'c'), type, sql }
}

function aggregates(columns: Column[], maker: Maker): Aggregate[] {
  return Array.from({ length: 1 + maker.random(3) }, () => aggregate(columns, maker))
}

const listed = (made: Aggregate[]): string =>
  made.map(({ sql, name }) => `${sql} AS ${name}`).join(', ')

const plain = (made: Aggregate[]): Column[] => made.map(({ name, type }) => ({ name, type }))

/** Aggregates over all rows. */
export function totalled(maker: Maker): Query {
  const source = randomSource(maker)
  const made = aggregates(source.columns, maker)
  const from = `FROM ${source.sql}${where(source.columns, maker)}`
  return { sql: `SELECT ${listed(made)} ${from}`, columns: plain(made) }
}

/** GROUP BY of expressions, by their names or places, with HAVING. */
export function grouped(maker: Maker): Query {
  const source = randomSource(maker)
  const keyTypes = someTypes(maker, () => typeAmong(source.columns, maker, groupable))
  const keys = selectItems(keyTypes, source.columns, { ...maker, depth: 0 })
  const made = aggregates(source.columns, maker)
  const by = keys.columns.map(({ name }, index) =>
    maker.random(2) === 0 ? name : String(index + 1),
  )
  const from = `FROM ${source.sql}${where(source.columns, maker)}`
  const having = maker.random(3) === 2 ? ` HAVING ${condition(made, maker)}` : ''
  return {
    sql: `SELECT ${keys.list}, ${listed(made)} ${from} GROUP BY ${by.join(', ')}${having}`,
    columns: [...keys.columns, ...plain(made)],
  }
}

function condition(made: Aggregate[], maker: Maker): string {
  const values = made.map(({ sql, type }) => ({ name: sql, type }))
  return fillRule('{BOOL}', values, { ...maker, depth: 0 })
}

/** ROLLUP, CUBE and GROUPING SETS; in the words of plain GROUP BY where those are not known. */
export function groupedBySets(maker: Maker): Query {
  const source = randomSource(maker)
  const types = someTypes(maker, () => typeAmong(source.columns, maker, orderedTypes))
  // To GoogleSQL, one column under two names is one key.
  const keyTypes = [...new Set(types)]
  const keys = selectItems(keyTypes, source.columns, { ...maker, depth: 0 })
  const values = selectItems(['INT64', 'STRING', 'FLOAT64'], source.columns, { ...maker, depth: 0 })
  const input = `SELECT ${keys.list}, ${values.list} FROM ${source.sql}${where(source.columns, maker)}`
  const made = aggregates(values.columns, { ...maker, outer: [] })
  const names = keys.columns.map(({ name }) => name)
  const isTold = maker.random(2) === 1
  const form = pick(maker.random, ['ROLLUP', 'CUBE', 'GROUPING SETS'] as const)
  const sets =
    form === 'ROLLUP' ? prefixes(names) : form === 'CUBE' ? subsets(names) : someSets(names, maker)
  const outputs = keys.columns.map((key) => ({ ...key, name: freshName(maker, 'k') }))
  const told = outputs.map(() => ({ name: freshName(maker, 'g'), type: 'INT64' as const }))
  const inputName = freshName(maker, 'i')
  const branch = (set: string[] | undefined): string => {
    const items = keys.columns.map(({ name }, index) => {
      const value = set && !set.includes(name) ? `MAX(IF(FALSE, ${name}, NULL))` : name
      return `${value} AS ${outputs[index]?.name}`
    })
    const groupings = keys.columns.map(({ name }, index) => {
      const value = set ? (set.includes(name) ? '0' : '1') : `GROUPING(${name})`
      return `${value} AS ${told[index]?.name}`
    })
    const list = [...items, ...(isTold ? groupings : []), listed(made)].join(', ')
    return `SELECT ${list} FROM ${inputName}`
  }
  const branches = sets.map(
    (set) => `${branch(set)}${set.length > 0 ? ` GROUP BY ${set.join(', ')}` : ''}`,
  )
  const list =
    form === 'GROUPING SETS'
      ? sets.map((set) => `(${set.join(', ')})`).join(', ')
      : names.join(', ')
  const query = maker.isForReference
    ? branches.join(' UNION ALL ')
    : `${branch(undefined)} GROUP BY ${form} (${list})`
  return {
    sql: `WITH ${inputName} AS (${input}) ${query}`,
    columns: [...outputs, ...(isTold ? told : []), ...plain(made)],
  }
}

function prefixes(names: string[]): string[][] {
  return [...names, ''].map((_, index) => names.slice(0, names.length - index))
}

function subsets(names: string[]): string[][] {
  return names.reduce<string[][]>(
    (sets, name) => sets.flatMap((set) => [[...set, name], set]),
    [[]],
  )
}

function someSets(names: string[], maker: Maker): string[][] {
  const others = Array.from({ length: maker.random(3) }, () =>
    names.filter(() => maker.random(2) === 0),
  )
  return [names, ...others]
}
