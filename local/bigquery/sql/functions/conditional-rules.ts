import { notSupported } from '../../bigquery-error.ts'
import { typeName } from '../analyzer/sql-type.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { isSurelyFine, refuseUncatchable } from './safe.ts'
import { literalText } from './print-format.ts'
import type { Call, Rules } from './rule.ts'

/** Logic, choices between values, and errors that a query catches. */
export const conditionalRules: Rules = {
  $and: (call) => `(${call.args().join(' AND ')})`,
  $or: (call) => `(${call.args().join(' OR ')})`,
  $not: '(NOT {0})',
  $is_null: '({0} IS NULL)',
  $is_true: '({0} IS TRUE)',
  $is_false: '({0} IS FALSE)',
  if: '(CASE WHEN {0} THEN {1} ELSE {2} END)',
  ifnull: (call) => coalesce(call),
  coalesce: (call) => coalesce(call),
  nullif: (call) => {
    if (call.types.some(({ kind }) => kind === 'FLOAT64')) {
      return `(CASE WHEN bq.float_equal(${call.arg(0)}, ${call.arg(1)}) THEN NULL ELSE ${call.arg(0)} END)`
    }
    return `nullif(${call.arg(0)}, ${call.arg(1)})`
  },
  $case_no_value: (call) => printCase('CASE', call.args()),
  $case_with_value: (call) => {
    if (call.types[0]?.kind === 'FLOAT64') return caseOfFloat(call)
    return printCase(`CASE ${call.arg(0)}`, call.args().slice(1))
  },
  iferror: (call) => {
    const outcome = outcomeOf(call)
    return `(CASE WHEN ${outcome} IS NULL THEN ${call.arg(1)} ELSE struct_extract(${outcome}, 'result') END)`
  },
  iserror: (call) => `(${outcomeOf(call)} IS NULL)`,
  nulliferror: (call) => `struct_extract(${outcomeOf(call)}, 'result')`,
  'error(STRING)': `CAST(js_error({0}) AS {type})`,
  typeof: (call) => textLiteral(typeName(call.types[0] ?? call.type)),
  collate: (call) => {
    // All others are annotations of the type, and are refused as such.
    if (call.nodes[1] && literalText(call.nodes[1]) === '') return call.arg(0)
    throw notSupported('collation')
  },
}

/** A struct around the first argument, or NULL where that raises. */
function outcomeOf(call: Call): string {
  if (JSON.stringify(call.nodes[0]?.source).includes('resolvedSubqueryExprNode')) {
    throw notSupported(`${call.name.toUpperCase()} of a subquery`)
  }
  refuseUncatchable(call.arg(0), call)
  return `bq.outcome(${call.arg(0)})`
}

/** As CASE where nothing is evaluated twice, and in TRY, where DuckDB's own COALESCE may crash. */
function coalesce(call: Call): string {
  const args = call.args()
  const last = args.at(-1) ?? 'NULL'
  const others = args.slice(0, -1)
  const isRandom = others.some((argument) => /\b(?:random|uuid)\(/.test(argument))
  if (isRandom || !(call.scope.isTried || call.nodes.slice(0, -1).every(isSurelyFine)))
    return `coalesce(${args.join(', ')})`
  const whens = others.map((argument) => `WHEN ${argument} IS NOT NULL THEN ${argument}`)
  return whens.length === 0 ? last : `(CASE ${whens.join(' ')} ELSE ${last} END)`
}

/** NaN is equal to nothing, not even in WHEN. The value is evaluated for each WHEN. */
function caseOfFloat(call: Call): string {
  const [value = '', ...args] = call.args()
  if (/\brandom\(/.test(value)) throw notSupported('CASE of a random number')
  return printCase(
    'CASE',
    args.map((argument, index) => {
      const isWhen = index % 2 === 0 && index + 1 < args.length
      return isWhen ? `bq.float_equal(${value}, ${argument})` : argument
    }),
  )
}

function printCase(start: string, args: string[]): string {
  const branches: string[] = []
  for (let i = 0; i + 1 < args.length; i += 2) branches.push(`WHEN ${args[i]} THEN ${args[i + 1]}`)
  const otherwise = args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ''
  return `(${start} ${branches.join(' ')}${otherwise} END)`
}
