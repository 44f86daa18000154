import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import type { Scope } from '../printer/scope.ts'

/** A call of a function or operator, its arguments ready to be printed. */
export type Call = {
  name: string
  type: SqlType
  types: SqlType[]
  nodes: ResolvedNode[]
  /** The argument in DuckDB's SQL; undefined where the call has none at this place. */
  optional(index: number): string | undefined
  /** The argument in DuckDB's SQL. */
  arg(index: number): string
  args(): string[]
  scope: Scope
}

/**
 * How a call is printed: a function, or a template in which `{0}` is the first argument,
 * `{1|x}` the second or else x, `{*}` all of them and `{type}` DuckDB's type of the result.
 */
export type Rule = string | ((call: Call) => string)

/**
 * Rules by function name as GoogleSQL has it (operators begin with `$`), or by the name with the
 * types of the first arguments, which goes before: `length(BYTES)`, `$add(DATE,INT64)`.
 */
export type Rules = Record<string, Rule>

export function findRule(rules: Rules, name: string, types: SqlType[]): Rule | undefined {
  const kinds = types.map(({ kind }) => kind)
  for (let count = kinds.length; count > 0; count -= 1) {
    const rule = rules[`${name}(${kinds.slice(0, count).join(',')})`]
    if (rule !== undefined) return rule
  }
  return rules[name]
}
