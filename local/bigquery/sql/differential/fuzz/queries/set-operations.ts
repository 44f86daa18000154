import { pick } from '../../awkward-rows.ts'
import { fillRule, randomExpression } from './expressions.ts'
import { freshName, type Maker, type Query } from './query-maker.ts'
import { someTypes, typeAmong, where } from './random-query.ts'
import { randomSource, table } from './sources.ts'
import { narrower, orderedTypes, type Type, typeNames } from './types.ts'

/** UNION, INTERSECT and EXCEPT, with columns of which one side may have another type. */
export function combined(maker: Maker): Query {
  const { random } = maker
  const operator = pick(random, [
    'UNION ALL',
    'UNION DISTINCT',
    'INTERSECT DISTINCT',
    'EXCEPT DISTINCT',
  ])
  const first = randomSource(maker)
  const allowed = operator === 'UNION ALL' ? typeNames : [...orderedTypes, 'PAIR' as const]
  const types = someTypes(maker, () => typeAmong(first.columns, maker, allowed))
  const columns = types.map((type) => ({ name: freshName(maker, 'c'), type }))
  const sides = Array.from({ length: 2 + random(2) }, (_, side) => {
    const source = side === 0 ? first : table(maker)
    const items = types.map((type, index) => {
      const value = side === 0 ? exact(type, source, maker) : loose(type, source, maker)
      return side === 0 ? `${value} AS ${columns[index]?.name}` : value
    })
    return `SELECT ${items.join(', ')} FROM ${source.sql}${where(source.columns, maker)}`
  })
  return { sql: sides.join(` ${operator} `), columns }
}

function exact(type: Type, source: Query, maker: Maker): string {
  return randomExpression(type, source.columns, maker, 1)
}

/** A value that takes the type where it meets it. */
function loose(type: Type, source: Query, maker: Maker): string {
  const others = narrower[type]
  if (!others || maker.random(3) < 2) return exact(type, source, maker)
  return fillRule(pick(maker.random, others), source.columns, { ...maker, depth: 0 })
}

/** WITH RECURSIVE that counts to a small number, with a value that goes along. */
export function recursive(maker: Maker): Query {
  const { random } = maker
  const [name, n, v] = ['r', 'n', 'v'].map((prefix) => freshName(maker, prefix)) as [
    string,
    string,
    string,
  ]
  const start = table(maker)
  const type = typeAmong(start.columns, maker, orderedTypes)
  const first = randomExpression(type, start.columns, { ...maker, depth: 0 })
  const inside = [
    { name: `${name}.${n}`, type: 'INT64' as const },
    { name: `${name}.${v}`, type },
  ]
  const isJoined = random(3) === 2
  const other = isJoined ? table(maker) : undefined
  const reach = [...inside, ...(other?.columns ?? [])]
  const next = randomExpression(type, reach, { ...maker, depth: 0 })
  const operator = pick(random, ['UNION ALL', 'UNION DISTINCT'])
  const from = other ? `${name}, ${other.sql}` : name
  const filter = random(2) === 1 ? ` AND ${fillRule('{BOOL}', reach, { ...maker, depth: 0 })}` : ''
  const steps = isJoined ? 2 : 4
  return {
    sql: `WITH RECURSIVE ${name} AS (SELECT 1 AS ${n}, ${first} AS ${v} FROM ${start.sql} ${operator} SELECT ${name}.${n} + 1, ${next} FROM ${from} WHERE ${name}.${n} < ${steps}${filter}) SELECT ${n}, ${v} FROM ${name}`,
    columns: [
      { name: n, type: 'INT64' },
      { name: v, type },
    ],
  }
}
