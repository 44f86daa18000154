import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { literalValue } from '../printer/expressions.ts'
import { containsSubstr } from './contains-substr.ts'
import type { Rules } from './rule.ts'

/** Every character that GoogleSQL takes for white space, as a string of DuckDB. */
const whiteSpace = 'bq.white_space()'

/** Functions of STRING, by characters. */
export const textRules: Rules = {
  session_user: (call) => call.scope.context.sessionUser,
  '$concat_op(STRING)': '({0} || {1})',
  'concat(STRING)': (call) => `(${call.args().join(' || ')})`,
  'length(STRING)': 'length({0})',
  'char_length(STRING)': 'length({0})',
  'byte_length(STRING)': 'strlen({0})',
  'upper(STRING)': 'bq.upper({0})',
  'lower(STRING)': 'bq.lower({0})',
  'initcap(STRING)': `js_initcap({0}, {1|bq.initcap_delimiters()})`,
  'reverse(STRING)': 'js_reverse({0})',
  'repeat(STRING)': 'bq.repeat({0}, {1})',
  'trim(STRING)': `trim({0}, {1|${whiteSpace}})`,
  'ltrim(STRING)': `ltrim({0}, {1|${whiteSpace}})`,
  'rtrim(STRING)': `rtrim({0}, {1|${whiteSpace}})`,
  'lpad(STRING)': `bq.pad_left({0}, {1}, {2|' '})`,
  'rpad(STRING)': `bq.pad_right({0}, {1}, {2|' '})`,
  'left(STRING)': 'bq.left({0}, {1})',
  'right(STRING)': 'bq.right({0}, {1})',
  'substr(STRING)': 'bq.substr({0}, {1}, {2|9223372036854775807})',
  'replace(STRING)': 'bq.replace({0}, {1}, {2})',
  'translate(STRING)': 'js_translate({0}, {1}, {2})',
  'split(STRING)': `bq.split({0}, {1|','})`,
  'strpos(STRING)': 'strpos({0}, {1})',
  'instr(STRING)': 'js_instr({0}, {1}, {2|1}, {3|1})',
  'starts_with(STRING)': 'starts_with({0}, {1})',
  'ends_with(STRING)': 'ends_with({0}, {1})',
  'ascii(STRING)': 'js_ascii({0})',
  'unicode(STRING)': `CAST(CASE WHEN {0} = '' THEN 0 ELSE unicode({0}) END AS BIGINT)`,
  chr: 'js_chr({0})',
  'soundex(STRING)': 'js_soundex({0})',
  'normalize(STRING)': (call) =>
    `js_normalize(${call.arg(0)}, ${normalForm(call.nodes[1])}, false)`,
  'normalize_and_casefold(STRING)': (call) =>
    `js_normalize(${call.arg(0)}, ${normalForm(call.nodes[1])}, true)`,
  'to_code_points(STRING)': `list_transform(CASE WHEN {0} = '' THEN [] ELSE str_split({0}, '') END, lambda c: CAST(unicode(c) AS BIGINT))`,
  code_points_to_string: `(CASE WHEN len(list_filter({0}, lambda c: c IS NULL)) > 0 THEN NULL ELSE bq.array_to_string(list_transform({0}, lambda c: js_chr(c)), '') END)`,
  edit_distance: 'js_edit_distance({0}, {1})',
  contains_substr: (call) => containsSubstr(call),
  generate_uuid: 'CAST(uuid() AS VARCHAR)',
}

const normalForms = ['NFC', 'NFKC', 'NFD', 'NFKD']

function normalForm(mode: ResolvedNode | undefined): string {
  const index = mode ? (literalValue(mode).enumValue ?? 0) : 0
  return `'${normalForms[index]}'`
}
