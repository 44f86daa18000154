import type { Dialect } from './dialect.ts'
import { flatten } from './flat-message.ts'
import type { Rpc } from './rpc.ts'
import { type SyntaxNode, syntaxNode } from './syntax-node.ts'

export const ungrouped = /which is neither grouped nor aggregated/

/**
 * The statement with `GROUP BY f(x)` written as the number of the column that selects `f(x)`: this
 * release of GoogleSQL does not see that they are the same. `isWhole` is false where an expression is
 * grouped by that is no column of its SELECT.
 */
export async function groupByOrdinals(
  rpc: Rpc,
  dialect: Dialect,
  sql: string,
): Promise<{ sql: string; isWhole: boolean }> {
  const { parsedScript } = await rpc.call<{ parsedScript: object }>(
    'Parse',
    { sqlStatement: sql, allowScript: true },
    dialect.text,
  )
  const bytes = Buffer.from(sql)
  const textOf = ({ start, end }: SyntaxNode): string => {
    return withoutForeignParentheses(bytes.toString('utf8', start, end))
  }
  const changes: { node: SyntaxNode; ordinal: number }[] = []
  let isWhole = true
  for (const { select, order } of selectsIn(parsedScript)) {
    const selected = select.child('selectList')?.children('columns') ?? []
    const texts = selected.map((column) => {
      const expression = column.child('expression')
      return expression && comparable(textOf(expression))
    })
    for (const node of [...groupedExpressions(select), ...order]) {
      const index = texts.indexOf(comparable(textOf(node)))
      const hasStarBefore = selected.slice(0, index).some((column) => textOf(column).includes('*'))
      if (index >= 0 && !hasStarBefore) changes.push({ node, ordinal: index + 1 })
      else if (!order.includes(node)) isWhole = false
    }
  }
  let changed = bytes
  for (const { node, ordinal } of changes.toSorted((a, b) => b.node.start - a.node.start)) {
    changed = Buffer.concat([
      changed.subarray(0, node.start),
      Buffer.from(String(ordinal)),
      changed.subarray(node.start + Buffer.byteLength(textOf(node))),
    ])
  }
  return { sql: changed.toString('utf8'), isWhole }
}

type OrderedSelect = { select: SyntaxNode; order: SyntaxNode[] }

/** Every SELECT with GROUP BY, and what its query is ordered by. */
function selectsIn(message: unknown, order: SyntaxNode[] = []): OrderedSelect[] {
  if (typeof message !== 'object' || message === null) return []
  const { fields } = flatten(message)
  if ('selectList' in fields && 'groupBy' in fields) {
    return [{ select: syntaxNode(message), order }, ...selectsWithin(fields)]
  }
  if ('queryExpr' in fields && 'orderBy' in fields) {
    const { queryExpr, ...others } = fields
    return [...selectsIn(queryExpr, orderExpressions(message)), ...selectsWithin(others)]
  }
  return selectsWithin(fields)
}

function selectsWithin(fields: object): OrderedSelect[] {
  return Object.values(fields).flatMap((value: unknown) =>
    Array.isArray(value) ? value.flatMap((item) => selectsIn(item)) : selectsIn(value),
  )
}

function orderExpressions(query: object): SyntaxNode[] {
  const items = syntaxNode(query).child('orderBy')?.children('orderingExpressions') ?? []
  return items
    .map((item) => item.child('expression'))
    .filter((node) => node !== undefined)
    .filter(({ kind }) => !simple.has(kind))
}

/** Those that are more than a name or a number. */
function groupedExpressions(select: SyntaxNode): SyntaxNode[] {
  const items = select.child('groupBy')?.children('groupingItems') ?? []
  const expressions = items.flatMap((item) => {
    const sets = item.child('groupingSetList')?.children('groupingSets') ?? []
    return [
      item.child('expression'),
      ...(item.child('rollup')?.children('expressions') ?? []),
      ...sets.map((set) => set.child('expression')),
    ]
  })
  return expressions.filter((node) => node !== undefined).filter(({ kind }) => !simple.has(kind))
}

/** The parser says of `(f(x))` that it ends with the parenthesis that stands around it. */
function withoutForeignParentheses(text: string): string {
  const count = (character: string): number => text.split(character).length - 1
  const isForeign = text.endsWith(')') && count(')') > count('(') && !/['"`]/.test(text)
  return isForeign ? withoutForeignParentheses(text.slice(0, -1).trimEnd()) : text
}

const simple = new Set(['PathExpression', 'IntLiteral'])

/** Without spaces and in one case, unless there are texts in it. */
function comparable(text: string): string {
  return /['"`]/.test(text) ? text : text.replaceAll(/\s+/g, '').toLowerCase()
}
