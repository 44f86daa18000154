import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import { orElse } from '../printer/scope.ts'
import type { Call, Rules } from './rule.ts'

/** Both engines use RE2, so a pattern means the same; the number of its groups must be known. */
export const regexpRules: Rules = {
  'regexp_contains(STRING)': 'regexp_matches({0}, {1})',
  'regexp_extract(STRING)': (call) => extract(call),
  'regexp_instr(STRING)': (call) => place(call),
  'regexp_extract_all(STRING)': (call) => extractAll(call),
  'regexp_replace(STRING)': (call) => {
    const [text, pattern] = call.args()
    return `regexp_replace(${text}, ${pattern}, ${rewriteOf(call)}, 'g')`
  },
}

/**
 * A group that took no part is NULL; DuckDB's regexp_extract gives '' for it, and regexp_extract_all, which
 * takes longer, NULL.
 */
function extract(call: Call): string {
  const group = groupOf(call)
  const [text, pattern] = call.args()
  if (call.nodes.length === 2 && group === 1 && mayTakeNoPart(patternOf(call))) {
    return `regexp_extract_all(${text}, ${pattern}, 1)[1]`
  }
  if (call.nodes.length === 2) {
    return `(CASE WHEN regexp_matches(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group}) END)`
  }
  refuseEmptyMatches(call)
  const [position, occurrence] = [positive(call, 2), positive(call, 3)]
  return `regexp_extract_all(bq.substr(${text}, ${position}, ${greatest}), ${pattern}, ${group})[${occurrence}]`
}

/** In the list of all matches a group that took no part is a text without characters. */
function extractAll(call: Call): string {
  const pattern = patternOf(call)
  const [text, group] = [call.arg(0), groupOf(call)]
  const found = `regexp_extract_all(${text}, ${call.arg(1)}, ${group})`
  const all =
    group === 1 && mayTakeNoPart(pattern)
      ? `list_transform(${found}, lambda m: ${orElse('m', `''`, call.scope)})`
      : found
  if (!mayMatchNothing(pattern)) return all
  // Where a match depends on what is around it, the two differ on where to look for the next.
  if (/[$^]|\\[bBAz]/.test(pattern.replaceAll('[^', '['))) refuseEmptyMatches(call)
  // DuckDB also finds the nothing behind the last character.
  return `(CASE WHEN ${text} = '' THEN ${all} ELSE ${all}[:-2] END)`
}

/** Said of too many patterns rather than of too few. */
function mayTakeNoPart(pattern: string): boolean {
  return /\)[?*]|\)\{0|\|/.test(pattern)
}

/** Where the first match begins, or ends: what stands before it is the shortest text before any match. */
function place(call: Call): string {
  if (groupOf(call) > 0) throw notSupported('REGEXP_INSTR with a group')
  refuseEmptyMatches(call)
  const position = positive(call, 2)
  const occurrence = positive(call, 3)
  const end = call.nodes[4] ? integer(call, 4) : 0
  if (end !== 0 && end !== 1) throw notSupported(`REGEXP_INSTR with the occurrence position ${end}`)
  const text = `bq.substr(${call.arg(0)}, ${position}, ${greatest})`
  const pattern = call.arg(1)
  if (occurrence > 1) {
    const found = `bq.nth_match(${text}, ${pattern}, ${occurrence}, ${end})`
    return `CAST(CASE ${found} WHEN 0 THEN 0 ELSE ${position - 1} + ${found} END AS BIGINT)`
  }
  const before = `regexp_extract(${text}, '^((?s:.*?))(?:' || ${pattern} || ')', 1)`
  const size = end === 1 ? ` + length(regexp_extract(${text}, ${pattern}, 0))` : ''
  return `(CASE WHEN regexp_matches(${text}, ${pattern}) THEN ${position} + length(${before})${size} WHEN ${text} IS NOT NULL THEN 0 END)`
}

const greatest = '9223372036854775807'

/** What is RE2's own in other words, as far as it matters to whether a text without characters matches. */
function comparable(pattern: string): string {
  return pattern
    .replaceAll(/\(\?[a-zA-Z]+\)/g, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\[pP](?:\{[^}]*\}|[A-Z])/g, 'x')
    .replaceAll(/\[:\^?\w+:\]/g, 'x')
}

/** In a rewrite a backslash stands before a digit, for a group that there is, or before another one. */
function rewriteOf(call: Call): string {
  const node = call.nodes[2]
  const rewrite = node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
  if (rewrite === undefined) {
    const message =
      'not supported by the local engine: REGEXP_REPLACE with a backslash in what is no literal'
    return `(CASE WHEN contains(${call.arg(2)}, '\\') THEN js_error(${textLiteral(message)}) ELSE ${call.arg(2)} END)`
  }
  const escapes = [...rewrite.matchAll(/\\(.?)/gs)].map(([, letter = '']) => letter)
  if (escapes.length === 0) return call.arg(2)
  const groups = groupCount(patternOf(call))
  const wrong = escapes.find((letter) => !/^[\d\\]$/.test(letter) || Number(letter) > groups)
  if (wrong === undefined) return call.arg(2)
  throw new BigQueryError(
    'invalidQuery',
    `Invalid REGEXP_REPLACE pattern: ${complaint(wrong, groups)}`,
    {
      location: 'query',
    },
  )
}

function complaint(wrong: string, groups: number): string {
  if (wrong === '') return `Rewrite schema error: '\\' not allowed at end.`
  if (!/\d/.test(wrong)) return `Rewrite schema error: '\\' must be followed by a digit or '\\'.`
  return `Rewrite schema requests ${wrong} matches, but the regexp only has ${groups} parenthesized subexpressions.`
}

/** Of matches without characters GoogleSQL has rules of its own. */
function refuseEmptyMatches(call: Call): void {
  if (mayMatchNothing(patternOf(call)))
    throw notSupported(`${call.name.toUpperCase()} with a pattern that may match nothing`)
}

function mayMatchNothing(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${comparable(pattern)})$`).test('')
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
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
  const groups = groupCount(patternOf(call))
  if (groups > 1) {
    const words =
      'Regular expressions passed into extraction functions must not have more than 1 capturing group'
    throw new BigQueryError('invalidQuery', words, { location: 'query' })
  }
  return groups === 1 ? 1 : 0
}

function groupCount(pattern: string): number {
  const parts = [...pattern.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((\?(?!P?<))?/g)]
  return parts.filter(([text, plain]) => text.startsWith('(') && plain === undefined).length
}

function patternOf(call: Call): string {
  const [, pattern] = call.nodes
  const value = pattern?.kind === 'Literal' ? literalValue(pattern).stringValue : undefined
  if (value === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a pattern that is no literal`)
  return value
}
