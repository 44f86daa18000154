import { pick } from '../../awkward-rows.ts'
import { aggregateRules } from './aggregate-rules.ts'
import { fillRule } from './expressions.ts'
import { freshName, type Maker, type Query } from './query-maker.ts'
import { selectItems, typeAmong } from './random-query.ts'
import { randomSource } from './sources.ts'
import { orderedTypes, type Type, typedValue } from './types.ts'

/** Rows to columns: a group by what is left, and a column for each value and aggregate. */
export function pivoted(maker: Maker): Query {
  const { random } = maker
  const source = randomSource(maker)
  const types: Type[] = [
    typeAmong(source.columns, maker, orderedTypes),
    typeAmong(source.columns, maker, orderedTypes),
    typeAmong(source.columns, maker, orderedTypes),
    'INT64',
  ]
  const input = selectItems(types, source.columns, { ...maker, depth: 0 })
  const [key, by, ...values] = input.columns
  if (!key || !by) throw new Error('a pivot without columns')
  const cells = [0, 1, 2].slice(0, 1 + random(3)).map(() => ({
    value: random(4) === 3 ? 'NULL' : typedValue(by.type, random),
    name: freshName(maker, 'p'),
  }))
  const made = Array.from({ length: 1 + random(2) }, () => {
    const type = pick(random, orderedTypes)
    const rule = pick(random, (aggregateRules[type] ?? []).filter(isForPivot))
    const sql = fillRule(rule, values, { ...maker, outer: [], depth: 0 }, 0)
    return { type, name: freshName(maker, 'a'), sql }
  })
  const calls = made.map(({ sql, name }) => `${sql} AS ${name}`)
  const names = cells.map(({ value, name }) => `${value} AS ${name}`)
  const columns = cells.flatMap((cell) =>
    made.map(({ type, name }) => ({ name: `${name}_${cell.name}`, type })),
  )
  // What no aggregate reads would be a key as well.
  const unread = values.filter(({ name }) => !calls.some((call) => call.includes(name)))
  return {
    sql: `SELECT * FROM (SELECT ${input.list} FROM ${source.sql}) PIVOT (${calls.join(', ')} FOR ${by.name} IN (${names.join(', ')}))`,
    columns: [key, ...unread, ...columns],
  }
}

/** PIVOT takes no ARRAY_AGG, and no ORDER BY by what is no argument. */
function isForPivot(rule: string): boolean {
  return !/ORDER BY|HAVING|MAX_BY/.test(rule)
}

/** Columns to rows, one at a time or two together. */
export function unpivoted(maker: Maker): Query {
  const { random } = maker
  const source = randomSource(maker)
  const types = [0, 1].map(() => typeAmong(source.columns, maker, orderedTypes))
  const input = selectItems(
    [typeAmong(source.columns, maker, orderedTypes), ...types, ...types],
    source.columns,
    { ...maker, depth: 0 },
  )
  const [key, a, b, c, d] = input.columns
  if (!key || !a || !b || !c || !d) throw new Error('an unpivot without columns')
  const nulls = pick(random, ['', ' INCLUDE NULLS', ' EXCLUDE NULLS'])
  const [name, first, second] = ['n', 'v', 'w'].map((prefix) => freshName(maker, prefix)) as [
    string,
    string,
    string,
  ]
  const label = (text: string): string => (random(2) === 1 ? ` AS '${text}'` : '')
  const labels = random(2) === 1 ? [' AS 1', ' AS 2'] : [label('one'), label('two')]
  const nameType: Type = labels[0] === ' AS 1' ? 'INT64' : 'STRING'
  const from = `(SELECT ${input.list} FROM ${source.sql}) UNPIVOT${nulls}`
  if (random(2) === 0) {
    return {
      sql: `SELECT ${key.name}, ${first}, ${name} FROM ${from} (${first} FOR ${name} IN (${a.name}${labels[0]}, ${c.name}${labels[1]}))`,
      columns: [key, { name: first, type: a.type }, { name, type: nameType }],
    }
  }
  return {
    sql: `SELECT ${key.name}, ${first}, ${second}, ${name} FROM ${from} ((${first}, ${second}) FOR ${name} IN ((${a.name}, ${b.name})${labels[0]}, (${c.name}, ${d.name})${labels[1]}))`,
    columns: [
      key,
      { name: first, type: a.type },
      { name: second, type: b.type },
      { name, type: nameType },
    ],
  }
}
