import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import type { Call, Rules } from './rule.ts'

/** Both engines use RE2, so a pattern means the same; the number of its groups must be known. */
export const regexpRules: Rules = {
  'regexp_contains(STRING)': 'regexp_matches({0}, {1})',
  'regexp_extract(STRING)': (call) => extract(call),
  'regexp_substr(STRING)': (call) => extract(call),
  'regexp_instr(STRING)': (call) => place(call),
  'regexp_extract_all(STRING)': (call) =>
    `regexp_extract_all(${call.arg(0)}, ${call.arg(1)}, ${groupOf(call)})`,
  'regexp_replace(STRING)': `regexp_replace({0}, {1}, {2}, 'g')`,
}

/** A group that took no part is NULL in GoogleSQL and '' in DuckDB: a pattern in which that may be is refused. */
function extract(call: Call): string {
  const group = groupOf(call)
  const [text, pattern] = call.args()
  if (group === 1 && /\)[?*]|\)\{0|\|/.test(patternOf(call))) {
    throw notSupported('REGEXP_EXTRACT with a group that may take no part')
  }
  if (call.nodes.length === 2) {
    return `(CASE WHEN regexp_matches(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group}) END)`
  }
  refuseEmptyMatches(call)
  const [position, occurrence] = [positive(call, 2), positive(call, 3)]
  return `regexp_extract_all(bq.substr(${text}, ${position}, ${greatest}), ${pattern}, ${group})[${occurrence}]`
}

/** Where the first match begins, or ends: what stands before it is the shortest text before any match. */
function place(call: Call): string {
  if (groupOf(call) > 0) throw notSupported('REGEXP_INSTR with a group')
  refuseEmptyMatches(call)
  const position = positive(call, 2)
  if (positive(call, 3) !== 1) throw notSupported('REGEXP_INSTR of a later occurrence')
  const end = call.nodes[4] ? integer(call, 4) : 0
  if (end !== 0 && end !== 1) throw notSupported(`REGEXP_INSTR with the occurrence position ${end}`)
  const text = `bq.substr(${call.arg(0)}, ${position}, ${greatest})`
  const pattern = call.arg(1)
  const before = `regexp_extract(${text}, '^((?s:.*?))(?:' || ${pattern} || ')', 1)`
  const size = end === 1 ? ` + length(regexp_extract(${text}, ${pattern}, 0))` : ''
  return `(CASE WHEN regexp_matches(${text}, ${pattern}) THEN ${position} + length(${before})${size} WHEN ${text} IS NOT NULL THEN 0 END)`
}

const greatest = '9223372036854775807'

/** Of matches without characters GoogleSQL has rules of its own. */
function refuseEmptyMatches(call: Call): void {
  let mayBeEmpty = true
  try {
    mayBeEmpty = new RegExp(`^(?:${patternOf(call)})$`, 'u').test('')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  if (mayBeEmpty)
    throw notSupported(
      `${call.name.toUpperCase()} with a position, and a pattern that may match nothing`,
    )
}

function positive(call: Call, index: number): number {
  const value = call.nodes[index] ? integer(call, index) : 1
  if (value >= 1) return value
  const words = index === 2 ? 'Position must be positive' : 'Occurrence must be positive'
  throw new BigQueryError('invalidQuery', words, { location: 'query' })
}

function integer(call: Call, index: number): number {
  const node = call.nodes[index]
  const value = node?.kind === 'Literal' ? literalValue(node).int64Value : undefined
  if (value === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a position that is no literal`)
  return Number(value)
}

function groupOf(call: Call): 0 | 1 {
  const pattern = patternOf(call)
  const groups = [...pattern.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((\?(?!P?<))?/g)].filter(
    ([text, plain]) => text.startsWith('(') && plain === undefined,
  )
  if (groups.length > 1) throw notSupported('a regular expression with more than one group')
  return groups.length === 1 ? 1 : 0
}

function patternOf(call: Call): string {
  const [, pattern] = call.nodes
  const value = pattern?.kind === 'Literal' ? literalValue(pattern).stringValue : undefined
  if (value === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a pattern that is no literal`)
  return value
}
