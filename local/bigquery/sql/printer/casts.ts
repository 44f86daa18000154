import { notSupported } from '../../bigquery-error.ts'
import { decimalText } from '../../database/decimal.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { printJsonOfScalar } from '../functions/json-reading.ts'
import { duckType, textLiteral } from './duck-sql.ts'
import { printExpression, structField, structPack } from './expressions.ts'
import { printFormatCast } from './format-casts.ts'
import { fresh, type Scope } from './scope.ts'
import { castToText } from './text-casts.ts'

type Cast = { from: SqlType; to: SqlType; isSafe: boolean }

export function printCast(node: ResolvedNode, scope: Scope): string {
  if (node.has('extendedCast')) throw notSupported('CAST with extendedCast')
  const source = node.node('expr')
  const cast = { from: source.type(), to: node.type(), isSafe: node.flag('returnNullOnError') }
  const inner = cast.isSafe && cast.from.kind !== 'STRING' ? { ...scope, isTried: true } : scope
  if (node.has('format')) return withParameters(formatCast(node, cast, scope), node, cast)
  const value =
    castJson(source, cast, scope) ?? castValue(printExpression(source, inner), cast, scope)
  return withParameters(value, node, cast)
}

function formatCast(node: ResolvedNode, cast: Cast, scope: Scope): string {
  if (!cast.isSafe) return printFormatCast(node, cast, scope)
  const tried = { ...scope, isTried: true }
  return caught(printFormatCast(node, cast, tried), printExpression(node.node('expr'), tried))
}

/** NULL where the cast of `value` fails; where `value` itself does, that error. */
function caught(cast: string, value: string): string {
  const isPlain = /^[\w"]+$/.test(value)
  return isPlain ? `TRY(${cast})` : `(CASE WHEN ${value} IS NOT NULL THEN TRY(${cast}) END)`
}

const numbersInJson: Partial<Record<SqlType['kind'], string>> = {
  INT64: 'int64',
  FLOAT64: 'float64',
  NUMERIC: 'numeric',
}

/** `CAST(JSON_VALUE(…) AS NUMERIC)`: a number needs not become a text. */
function castJson(source: ResolvedNode, { to, isSafe }: Cast, scope: Scope): string | undefined {
  const name = numbersInJson[to.kind]
  const json = name && printJsonOfScalar(source, scope)
  return json && `bq.json_${isSafe ? 'safe' : 'to'}_${name}(${json})`
}

/** Templates by the two types. Of two, the second is for SAFE_CAST; of one, the cast cannot fail or is caught. */
export const castTemplates: Record<string, string | [strict: string, safe: string] | undefined> = {
  'STRING INT64': ['bq.text_to_int64({0})', 'bq.safe_int64({0})'],
  'STRING FLOAT64': ['bq.text_to_float64({0})', 'bq.safe_float64({0})'],
  'STRING NUMERIC': ['bq.text_to_numeric({0})', 'bq.safe_numeric({0})'],
  'STRING BIGNUMERIC': ['js_bignumeric_strict({0})', 'js_bignumeric({0})'],
  'STRING BOOL': ['bq.text_to_bool({0})', 'bq.safe_bool({0})'],
  'STRING DATE': ['bq.text_to_date({0})', 'bq.safe_date({0})'],
  'STRING TIMESTAMP': [`bq.text_to_timestamp({0}, 'UTC')`, `bq.safe_timestamp({0}, 'UTC')`],
  'STRING DATETIME': ['bq.text_to_datetime({0})', 'bq.safe_datetime({0})'],
  'STRING TIME': ['bq.text_to_time({0})', 'bq.safe_time({0})'],
  'STRING BYTES': 'encode({0})',
  'INT64 FLOAT64': 'CAST({0} AS DOUBLE)',
  'INT64 NUMERIC': 'CAST({0} AS DECIMAL(38,9))',
  'INT64 BIGNUMERIC': 'bq.int64_to_bignumeric({0})',
  'INT64 BOOL': '({0} <> 0)',
  'BOOL INT64': 'CAST({0} AS BIGINT)',
  'FLOAT64 INT64': 'bq.float_to_int64({0})',
  'FLOAT64 NUMERIC': 'bq.float_to_numeric({0})',
  'NUMERIC INT64': 'bq.numeric_to_int64({0})',
  'FLOAT64 BIGNUMERIC': 'js_bignumeric_of_float64({0})',
  'NUMERIC FLOAT64': 'CAST({0} AS DOUBLE)',
  'NUMERIC BIGNUMERIC': 'bq.numeric_to_bignumeric({0})',
  'BIGNUMERIC INT64': 'js_bignumeric_int64({0})',
  'BIGNUMERIC NUMERIC': 'bq.bignumeric_to_numeric({0})',
  'BIGNUMERIC FLOAT64': 'js_bignumeric_float64({0})',
  'BYTES STRING': ['bq.bytes_text({0})', 'js_valid_text({0})'],
  'DATE DATETIME': 'CAST({0} AS TIMESTAMP)',
  'DATE TIMESTAMP': 'make_timestamptz(epoch_us(CAST({0} AS TIMESTAMP)))',
  'DATETIME DATE': 'CAST({0} AS DATE)',
  'DATETIME TIME': 'CAST({0} AS TIME)',
  'DATETIME TIMESTAMP': 'make_timestamptz(epoch_us({0}))',
  'TIMESTAMP DATE': 'CAST(make_timestamp(epoch_us({0})) AS DATE)',
  'TIMESTAMP DATETIME': 'make_timestamp(epoch_us({0}))',
  'TIMESTAMP TIME': 'CAST(make_timestamp(epoch_us({0})) AS TIME)',
}

/** Those that SAFE_CAST must catch the errors of. */
const caughtCasts = new Set([
  'FLOAT64 INT64',
  'FLOAT64 NUMERIC',
  'FLOAT64 BIGNUMERIC',
  'NUMERIC INT64',
  'BIGNUMERIC INT64',
  'BIGNUMERIC NUMERIC',
])

function castValue(value: string, { from, to, isSafe }: Cast, scope: Scope): string {
  if (from.kind === 'ARRAY' && to.kind === 'ARRAY') {
    const item = fresh(scope, '_e')
    const inner = castValue(item, { from: from.element, to: to.element, isSafe }, scope)
    return inner === item ? value : `list_transform(${value}, lambda ${item}: ${inner})`
  }
  if (from.kind === 'STRUCT' && to.kind === 'STRUCT') {
    const fields = to.fields.map((field, index) => {
      const source = from.fields[index]
      if (!source) throw new Error('a cast between structs of different sizes')
      const inner = structField(value, from, index)
      return castValue(inner, { from: source.type, to: field.type, isSafe }, scope)
    })
    return `(CASE WHEN ${value} IS NULL THEN CAST(NULL AS ${duckType(to)}) ELSE ${structPack(to, fields)} END)`
  }
  if (from.kind === to.kind) return value
  const template = castTemplates[`${from.kind} ${to.kind}`]
  if (template) {
    const chosen = typeof template === 'string' ? template : template[isSafe ? 1 : 0]
    const filled = chosen.replace('{0}', () => value)
    return isSafe && caughtCasts.has(`${from.kind} ${to.kind}`) ? caught(filled, value) : filled
  }
  if (to.kind === 'STRING') return castToText(value, from)
  throw notSupported(`CAST(${typeName(from)} AS ${typeName(to)})`)
}

type TypeParameters = {
  numericTypeParameters?: { precision?: string; scale?: string }
  stringTypeParameters?: { maxLength?: string }
}

/** NUMERIC(p, s) and BIGNUMERIC(p, s) round to their scale and STRING(n) refuses what is longer. */
function withParameters(value: string, node: ResolvedNode, { to, isSafe }: Cast): string {
  const modifiers = node.message('typeModifiers') as
    { typeParameters?: TypeParameters; collation?: object } | undefined
  const { numericTypeParameters: numeric, stringTypeParameters: text } =
    modifiers?.typeParameters ?? {}
  if (numeric) {
    const { precision = '38', scale = '0' } = numeric
    return sizedNumber(value, { to, isSafe, precision: Number(precision), scale: Number(scale) })
  }
  if (text?.maxLength) {
    const length = to.kind === 'BYTES' ? 'octet_length' : 'length'
    const name = `${to.kind}(${text.maxLength})`
    const words = misfit(`${to.kind} has maximum length ${text.maxLength}`, name, isSafe)
    const tooLong = `CAST(js_error(${textLiteral(words)}) AS ${duckType(to)})`
    return `(CASE WHEN ${length}(${value}) > ${text.maxLength} THEN ${tooLong} ELSE ${value} END)`
  }
  return value
}

type Sizes = { to: SqlType; isSafe: boolean; precision: number; scale: number }

function sizedNumber(value: string, { to, isSafe, precision, scale }: Sizes): string {
  const name = `${to.kind}(${scale === 0 ? precision : `${precision}, ${scale}`})`
  const most = decimalText(10n ** BigInt(precision) - 1n, scale)
  const range = `precision ${precision} and scale ${scale} but got a value that is not in range of [-${most}, ${most}]`
  const words = textLiteral(misfit(`${name} has ${range}`, name, isSafe))
  if (to.kind === 'BIGNUMERIC') {
    return `js_bignumeric_sized(${value}, ${precision}, ${scale}, ${words})`
  }
  return `bq.sized_numeric(round(${value}, ${scale}), CAST('1e${precision - scale}' AS DECIMAL(38,9)), ${words})`
}

/** GoogleSQL's own evaluator fails where the value of a SAFE_CAST does not fit, its documents promise NULL. */
function misfit(words: string, name: string, isSafe: boolean): string {
  return isSafe
    ? `not supported by the local engine: SAFE_CAST of a value that does not fit ${name}`
    : words
}
