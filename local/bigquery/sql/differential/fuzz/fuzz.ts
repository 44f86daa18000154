import { type Random, pick } from '../awkward-rows.ts'
import { aggregates } from '../aggregates.ts'
import { analytics } from '../analytics.ts'
import { expressions } from '../expressions.ts'
import { compare, type Comparison, type Engines, typedRows } from '../compare.ts'
import type { ReferenceTable } from '../../analyzer/reference.ts'
import { type Expression, fill, printExpression, randomExpression, smaller } from './expression.ts'
import { aggregateGrammar, type FuzzType, leaves } from './grammar.ts'
import { countOutcome, type Difference, newTally, type Tally } from './tally.ts'

type Shape = { kind: 'row' | 'group' | 'filter'; query(columns: string): string }

const perRow: Shape = {
  kind: 'row',
  query: (columns) => `${typedRows} SELECT ${columns} FROM z ORDER BY k`,
}
const perGroup: Shape = {
  kind: 'group',
  query: (columns) => `${typedRows} SELECT u, ${columns} FROM z GROUP BY u ORDER BY u`,
}
const filter: Shape = {
  kind: 'filter',
  query: (column) => `${typedRows} SELECT k FROM z WHERE ${column} ORDER BY k`,
}
const batch = 8

/** Compares so many random expressions on both engines. */
export async function fuzz(
  { expressions: count, random }: { expressions: number; random: Random },
  run: (sql: string) => Promise<Comparison>,
): Promise<Tally> {
  const tally = newTally()
  for (let done = 0; done < count; done += batch) {
    const shape = pick(random, [perRow, perRow, perRow, perGroup, filter])
    const list = Array.from({ length: Math.min(batch, count - done) }, () =>
      expressionFor(shape, random),
    )
    await compareBatch(list, shape, { run, tally })
  }
  return tally
}

/** Compares what the differential tests list: every rule at least once. */
export async function compareListed(run: (sql: string) => Promise<Comparison>): Promise<Tally> {
  const tally = newTally()
  for (const list of [...Object.values(expressions), analytics]) {
    await compareBatches(list, perRow, { run, tally })
  }
  await compareBatches(aggregates, perGroup, { run, tally })
  return tally
}

async function compareBatches(list: string[], shape: Shape, run: Run): Promise<void> {
  for (let from = 0; from < list.length; from += batch) {
    const some = list.slice(from, from + batch)
    await compareBatch(
      some.map((text) => ({ type: undefined, texts: [text], parts: [] })),
      shape,
      run,
    )
  }
}

/** A comparison on the given engines, as `fuzz` wants it. */
export function comparer(engines: Engines, table: ReferenceTable) {
  return (sql: string) => compare(sql, engines, table)
}

function expressionFor({ kind }: Shape, random: Random): Expression {
  const depth = 1 + random(4)
  if (kind === 'group') return fill(pick(random, aggregateGrammar), undefined, { depth, random })
  if (kind === 'filter') return randomExpression('BOOL', depth, random)
  const type = pick(random, Object.keys(leaves) as FuzzType[])
  return randomExpression(type, depth, random)
}

type Run = { run(sql: string): Promise<Comparison>; tally: Tally }

/** Many in one query, and one by one only where that is not the same. */
async function compareBatch(list: Expression[], shape: Shape, { run, tally }: Run): Promise<void> {
  if (shape.kind !== 'filter') {
    const columns = list.map((expression, index) => `${printExpression(expression)} AS v${index}`)
    const { outcome } = await run(shape.query(columns.join(', ')))
    if (outcome === 'same') {
      tally.counts.same += list.length
      return
    }
  }
  for (const expression of list) {
    const comparison = await run(single(expression, shape))
    countOutcome(tally, comparison)
    if (comparison.outcome === 'different') {
      tally.differences.push(await smallest(expression, comparison.what, { shape, run }))
    }
  }
}

function single(expression: Expression, shape: Shape): string {
  const text = printExpression(expression)
  return shape.query(shape.kind === 'filter' ? text : `${text} AS v`)
}

async function smallest(
  expression: Expression,
  what: string,
  { shape, run }: { shape: Shape; run(sql: string): Promise<Comparison> },
): Promise<Difference> {
  // The value of a part may have any type where all that is asked of it is to be selected.
  const parts = shape.kind === 'row' ? expression.parts : []
  for (const candidate of [...parts, ...smaller(expression)]) {
    const comparison = await run(single(candidate, shape))
    if (comparison.outcome === 'different') {
      return smallest(candidate, comparison.what, { shape, run })
    }
  }
  return { sql: single(expression, shape).slice(typedRows.length + 1), what }
}
