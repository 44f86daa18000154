import { notSupported } from '../../bigquery-error.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { duckType } from '../printer/duck-sql.ts'
import { printExpression } from '../printer/expressions.ts'
import { printOrder } from '../printer/order.ts'
import type { Scope } from '../printer/scope.ts'
import { described, readCall } from './call.ts'
import { aggregateRules } from './aggregate-rules.ts'
import type { Call } from './rule.ts'

/** A call of an aggregate function with what may stand in its parentheses. */
export type AggregateCall = Call & {
  isDistinct: boolean
  nulls: 'IGNORE' | 'RESPECT' | undefined
  /** ` ORDER BY …` or nothing. */
  order: string
  limit: string | undefined
  having: { isMax: boolean; value: string; type: SqlType } | undefined
}

/** An aggregate of which DuckDB collects the rows of a group, and makes the result of these. */
export type CollectedAggregate = { rows: string; result(rows: string): string }

/** `over` is the window of an aggregate that is used as a window function. */
export function printAggregate(
  node: ResolvedNode,
  scope: Scope,
  over?: string,
): string | CollectedAggregate {
  const call = readAggregate(node, scope)
  const rule =
    aggregateRules[`${call.name}(${call.types[0]?.kind ?? ''})`] ?? aggregateRules[call.name]
  if (call.having && call.name !== 'any_value') {
    throw notSupported(`${call.name.toUpperCase()} with HAVING`)
  }
  if (!rule || node.text('errorMode') === 'SAFE_ERROR_MODE')
    throw notSupported(`aggregate ${described(call)}`)
  return rule(call, over === undefined ? '' : ` ${over}`)
}

function readAggregate(node: ResolvedNode, scope: Scope): AggregateCall {
  const order = node.nodes('orderByItemList')
  const limit = node.optionalNode('limit')
  const having = node.optionalNode('havingModifier')
  const key = having?.node('havingExpr').type().kind
  if (key === 'RANGE') throw notSupported(`HAVING MAX or MIN of ${key}`)
  const call = readCall(node, scope)
  const isDistinct = node.flag('distinct')
  // Both say the same, but the order may come as a column of its own, which DuckDB does not see through.
  const names = isDistinct ? orderedByArgument(order, call, scope) : scope.names
  return {
    ...call,
    isDistinct,
    nulls: nullHandling(node.text('nullHandlingModifier')),
    order: order.length === 0 ? '' : ` ORDER BY ${printOrder(order, { ...scope, names })}`,
    limit: limit && printExpression(limit, scope),
    having: having && {
      isMax: having.text('kind') === 'MAX' || having.message('kind') === undefined,
      value: printExpression(having.node('havingExpr'), scope),
      type: having.node('havingExpr').type(),
    },
  }
}

function orderedByArgument(order: ResolvedNode[], call: Call, scope: Scope): Scope['names'] {
  const columns = order.map((item) => item.node('columnRef').column().id)
  return new Map([...scope.names, ...columns.map((id): [string, string] => [id, call.arg(0)])])
}

function nullHandling(modifier: string): AggregateCall['nulls'] {
  if (modifier === 'IGNORE_NULLS') return 'IGNORE'
  return modifier === 'RESPECT_NULLS' ? 'RESPECT' : undefined
}

export function sized(call: Call, sql: string): string {
  return `CAST(${sql} AS ${duckType(call.type)})`
}
