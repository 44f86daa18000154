import { pick } from '../../awkward-rows.ts'
import { fillRule } from './expressions.ts'
import { type Column, freshName, type Maker, type Query } from './query-maker.ts'
import { direction, selectItems, typeAmong, where } from './random-query.ts'
import { randomSource, table } from './sources.ts'
import { orderedTypes, type Type } from './types.ts'
import { frames, ofGroups, ofPeers, ofPlaces, ofRange, type WindowRule } from './window-rules.ts'

/** Calls, what their window is ordered by, and its frame. */
type Kind = [WindowRule[], () => string, () => string]

type Windowed = { value: Column & { sql: string }; named: string[] }

/** The rows of a window: they differ in nothing where they are equal in all that orders them. */
function windowInput(maker: Maker): { sql: string; columns: Column[] } {
  const source = randomSource(maker)
  const types: Type[] = [
    typeAmong(source.columns, maker, orderedTypes),
    typeAmong(source.columns, maker, ['INT64', 'NUMERIC', 'FLOAT64']),
    typeAmong(source.columns, maker, ['STRING', 'BOOL', 'INT64', 'FLOAT64']),
  ]
  const { list, columns } = selectItems(types, source.columns, { ...maker, depth: 0 })
  return { sql: `(SELECT ${list} FROM ${source.sql}${where(source.columns, maker)})`, columns }
}

/** One call with its window, which may have a name; only if `isPlaced` may it ask for places of rows. */
function windowCall(columns: Column[], maker: Maker, isPlaced = true): Windowed {
  const { random } = maker
  const inside = { ...maker, depth: 0, outer: [] }
  const byPlace: Kind[] = [
    [ofPlaces, () => total(columns, maker), () => ''],
    [ofPlaces, () => total(columns, maker), () => pick(random, frames)],
    [ofGroups, () => total(columns, maker), () => pick(random, frames)],
  ]
  const byValue: Kind[] = [
    [ofPeers, () => ` ORDER BY ${pick(random, columns).name}${direction(maker)}`, () => ''],
    [ofGroups, () => '', () => ''],
    [ofGroups, () => ` ORDER BY ${pick(random, columns).name}${direction(maker)}`, () => ''],
    [
      ofRange,
      () => ` ORDER BY ${numberOf(columns)}${pick(random, ['', ' DESC'])}`,
      () => rangeFrame(maker),
    ],
  ]
  const [rules, order, frame] = pick(random, isPlaced ? [...byPlace, ...byValue] : byValue)
  const { call, type, hasNoFrame } = pick(random, rules)
  const keys = columns.filter((column) => column.type !== 'FLOAT64')
  const isDivided = keys.length > 0 && random(3) === 2
  const partition = isDivided ? `PARTITION BY ${pick(random, keys).name}` : ''
  const ordered = `${partition}${order()}`.trim()
  const framed = hasNoFrame ? '' : frame()
  const sql = fillRule(call, columns, inside, 0)
  const value = { name: freshName(maker, 'c'), type }
  if (random(4) < 3)
    return { value: { ...value, sql: `${sql} OVER (${`${ordered} ${framed}`.trim()})` }, named: [] }
  const name = freshName(maker, 'w')
  const over = framed === '' ? name : `(${name} ${framed})`
  return { value: { ...value, sql: `${sql} OVER ${over}` }, named: [`${name} AS (${ordered})`] }
}

function total(columns: Column[], maker: Maker): string {
  const from = maker.random(columns.length)
  const turned = [...columns.slice(from), ...columns.slice(0, from)]
  return ` ORDER BY ${turned.map(({ name }) => `${name}${direction(maker)}`).join(', ')}`
}

function numberOf(columns: Column[]): string {
  return (
    (columns.find(({ type }) => ['INT64', 'NUMERIC', 'FLOAT64'].includes(type)) ?? columns[0])
      ?.name ?? ''
  )
}

function rangeFrame({ random }: Maker): string {
  return pick(random, [
    'RANGE BETWEEN 1 PRECEDING AND CURRENT ROW',
    'RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING',
    'RANGE BETWEEN 1 FOLLOWING AND 3 FOLLOWING',
    'RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING',
    'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
    'RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
    'RANGE 1 PRECEDING',
  ])
}

function withWindows(windowed: Windowed[]): string {
  const named = windowed.flatMap((one) => one.named)
  return named.length > 0 ? ` WINDOW ${named.join(', ')}` : ''
}

/** Window functions over all rows of a query. */
export function numbered(maker: Maker): Query {
  const input = windowInput(maker)
  // Of rows that are equal, two orders may each place another one first.
  const windowed = Array.from({ length: 1 + maker.random(2) }, (_, index) =>
    windowCall(input.columns, maker, index === 0),
  )
  const values = windowed.map(({ value }) => value)
  const list = [
    ...input.columns.map(({ name }) => name),
    ...values.map(({ sql, name }) => `${sql} AS ${name}`),
  ]
  return {
    sql: `SELECT ${list.join(', ')} FROM ${input.sql}${withWindows(windowed)}`,
    columns: [...input.columns, ...values.map(({ name, type }) => ({ name, type }))],
  }
}

export function qualified(maker: Maker): Query {
  const input = windowInput(maker)
  const windowed = windowCall(input.columns, maker)
  const condition = fillRule(
    '{BOOL}',
    [{ name: windowed.value.sql, type: windowed.value.type }, ...input.columns],
    { ...maker, depth: 0 },
  )
  const isKnown = / OVER /.test(condition)
  const test = isKnown ? condition : `${windowed.value.sql} IS NOT NULL AND ${condition}`
  const list = input.columns.map(({ name }) => name).join(', ')
  return {
    sql: `SELECT ${list} FROM ${input.sql} WHERE TRUE QUALIFY ${test}${withWindows([windowed])}`,
    columns: input.columns,
  }
}

/** Windows over what GROUP BY gives. */
export function windowOverGroups(maker: Maker): Query {
  const source = table(maker)
  const type = typeAmong(source.columns, maker, orderedTypes)
  const key = selectItems([type], source.columns, { ...maker, depth: 0 })
  const name = key.columns[0]?.name ?? ''
  const made = freshName(maker, 'c')
  const call = pick(maker.random, [
    'SUM(COUNT(*)) OVER (ORDER BY KEY)',
    'RANK() OVER (ORDER BY COUNT(*) DESC)',
    'LAG(KEY) OVER (ORDER BY KEY)',
    'COUNT(*) OVER ()',
    'MAX(COUNT(*)) OVER ()',
    'ROW_NUMBER() OVER (ORDER BY COUNT(*), KEY DESC)',
  ] as const).replaceAll('KEY', name)
  const kind: Type = call.startsWith('LAG') ? type : 'INT64'
  return {
    sql: `SELECT ${name}, ${call} AS ${made} FROM (SELECT ${key.list} FROM ${source.sql}) GROUP BY ${name}`,
    columns: [...key.columns, { name: made, type: kind }],
  }
}
