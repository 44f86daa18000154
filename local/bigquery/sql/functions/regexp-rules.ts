import { notSupported } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import type { Call, Rules } from './rule.ts'

/** Both engines use RE2, so a pattern means the same; the number of its groups must be known. */
export const regexpRules: Rules = {
  'regexp_contains(STRING)': 'regexp_matches({0}, {1})',
  'regexp_extract(STRING)': (call) => extract(call),
  'regexp_substr(STRING)': (call) => extract(call),
  'regexp_extract_all(STRING)': (call) =>
    `regexp_extract_all(${call.arg(0)}, ${call.arg(1)}, ${groupOf(call)})`,
  'regexp_replace(STRING)': `regexp_replace({0}, {1}, {2}, 'g')`,
}

/** A group that took no part is NULL in GoogleSQL and '' in DuckDB: a pattern in which that may be is refused. */
function extract(call: Call): string {
  if (call.nodes.length > 2) throw notSupported('REGEXP_EXTRACT with a position')
  const group = groupOf(call)
  const [text, pattern] = call.args()
  if (group === 1 && /\)[?*]|\)\{0|\|/.test(patternOf(call))) {
    throw notSupported('REGEXP_EXTRACT with a group that may take no part')
  }
  return `(CASE WHEN regexp_matches(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group}) END)`
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
