import type { Random } from '../../awkward-rows.ts'
import type { Type } from './types.ts'

export type Column = { name: string; type: Type }

/** A query, or the name of one, and the columns that it gives. */
export type Query = { sql: string; columns: Column[] }

/** What stands in FROM: its columns are called as expressions call them. */
export type Source = Query

/** What all that makes a part of a query needs. */
export type Maker = {
  random: Random
  /** The reference evaluator lacks GROUPING SETS: for it they are written in other words. */
  isForReference: boolean
  tables: Query[]
  /** Columns from outside of a subquery. */
  outer: Column[]
  /** How many queries may stand inside of one another. */
  depth: number
  counter: { value: number }
}

export function freshName(maker: Maker, prefix: string): string {
  maker.counter.value += 1
  return `${prefix}${maker.counter.value}`
}

export function deeper(maker: Maker): Maker {
  return { ...maker, depth: maker.depth - 1 }
}
