import { pick, type Random } from '../awkward-rows.ts'

export type FuzzType = keyof typeof grammar

/**
 * The well-typed calls by the type of their value: `{STRING}` stands for any expression of the
 * type, `{small}`, `{part}` … for one of the constants below. What may fail on some row stands
 * behind SAFE, so that one row does not hide all others.
 */
export const grammar = {
  STRING: lines(`
    {STRING} || {STRING}
    CONCAT({STRING}, {literal}, {STRING})
    UPPER({STRING})
    LOWER({STRING})
    INITCAP({STRING})
    REVERSE({STRING})
    SAFE.REPEAT({STRING}, ABS({small}))
    TRIM({STRING})
    LTRIM({STRING})
    RTRIM({STRING})
    TRIM({STRING}, {text})
    SAFE.LPAD({STRING}, ABS({small}))
    SAFE.RPAD({STRING}, ABS({small}), {text})
    SAFE.LEFT({STRING}, ABS({small}))
    SAFE.RIGHT({STRING}, ABS({small}))
    SAFE.SUBSTR({STRING}, {INT64}, ABS({small}))
    SUBSTR({STRING}, {small})
    REPLACE({STRING}, {literal}, {STRING})
    SAFE.TRANSLATE({STRING}, 'abc', {text})
    SOUNDEX({STRING})
    NORMALIZE({STRING}, {form})
    NORMALIZE_AND_CASEFOLD({STRING}, {form})
    REGEXP_REPLACE({STRING}, {pattern}, {literal})
    REGEXP_EXTRACT({STRING}, {pattern})
    SAFE.CHR({small})
    CODE_POINTS_TO_STRING(TO_CODE_POINTS({STRING}))
    CAST({BOOL} AS STRING)
    CAST({INT64} AS STRING)
    CAST({FLOAT64} AS STRING)
    CAST({NUMERIC} AS STRING)
    CAST({BIGNUMERIC} AS STRING)
    CAST({DATE} AS STRING)
    CAST({TIMESTAMP} AS STRING)
    CAST({DATETIME} AS STRING)
    CAST({TIME} AS STRING)
    SAFE_CAST({BYTES} AS STRING)
    SAFE_CONVERT_BYTES_TO_STRING({BYTES})
    TO_HEX({BYTES})
    TO_BASE64({BYTES})
    TO_BASE32({BYTES})
    IF({BOOL}, {STRING}, {STRING})
    COALESCE({STRING}, {STRING}, {literal})
    IFNULL({STRING}, {literal})
    NULLIF({STRING}, {STRING})
    CASE {INT64} WHEN 1 THEN {STRING} WHEN {small} THEN {literal} ELSE {STRING} END
    CASE WHEN {BOOL} THEN {STRING} WHEN {BOOL} THEN {STRING} END
    GREATEST({STRING}, {STRING})
    LEAST({STRING}, {STRING}, {STRING})
    {STRINGS}[SAFE_OFFSET({small})]
    {STRINGS}[SAFE_ORDINAL({INT64})]
    ARRAY_TO_STRING({STRINGS}, {literal})
    ARRAY_TO_STRING({STRINGS}, {literal}, 'none')
    JSON_VALUE({JSON}, {path})
    JSON_VALUE({STRING}, {path})
    JSON_QUERY({STRING}, {path})
    JSON_TYPE({JSON})
    LAX_STRING({JSON})
    SAFE.STRING({JSON})
    TO_JSON_STRING({JSON})
    TO_JSON_STRING({STRING})
    TO_JSON_STRING({FLOAT64})
    TO_JSON_STRING({NUMERIC})
    TO_JSON_STRING({BIGNUMERIC})
    TO_JSON_STRING({INT64})
    TO_JSON_STRING({TIMESTAMP})
    TO_JSON_STRING({DATETIME})
    TO_JSON_STRING({TIME})
    TO_JSON_STRING({BYTES})
    TO_JSON_STRING({STRINGS})
    TO_JSON_STRING(STRUCT({INT64} AS a, {STRING} AS b, {DATE} AS c))
    FORMAT('%d|%s', {INT64}, {STRING})
    FORMAT('%t %t', {TIMESTAMP}, {DATE})
    FORMAT('%5d', {INT64})
    FORMAT('%-9s|', {STRING})
    FORMAT('%.3f', {FLOAT64})
    FORMAT_TIMESTAMP({timestampFormat}, {TIMESTAMP}, {zone})
    FORMAT_TIMESTAMP({timestampFormat}, {TIMESTAMP})
    FORMAT_DATE({dateFormat}, {DATE})
    FORMAT_DATETIME({dateFormat}, {DATETIME})
    FORMAT_TIME('%H:%M:%S|%I %p|%E3S', {TIME})
    STRING({TIMESTAMP}, {zone})
    (SELECT MAX(x) FROM UNNEST({STRINGS}) x)
    (SELECT STRING_AGG(x, '+' ORDER BY x) FROM UNNEST({STRINGS}) x)
    STRUCT({STRING} AS a, {INT64} AS b).a`),
  INT64: lines(`
    SAFE_ADD({INT64}, {INT64})
    SAFE_SUBTRACT({INT64}, {INT64})
    SAFE_MULTIPLY({INT64}, {INT64})
    SAFE_NEGATE({INT64})
    SAFE.DIV({INT64}, {INT64})
    SAFE.MOD({INT64}, {INT64})
    SAFE.ABS({INT64})
    SIGN({INT64})
    {INT64} & {INT64}
    {INT64} | {INT64}
    {INT64} ^ {INT64}
    ~{INT64}
    {INT64} << ABS({small})
    {INT64} >> ABS({small})
    BIT_COUNT({INT64})
    SAFE_CAST({STRING} AS INT64)
    SAFE_CAST({FLOAT64} AS INT64)
    SAFE_CAST({NUMERIC} AS INT64)
    SAFE_CAST({BIGNUMERIC} AS INT64)
    CAST({BOOL} AS INT64)
    LENGTH({STRING})
    BYTE_LENGTH({STRING})
    LENGTH({BYTES})
    STRPOS({STRING}, {literal})
    SAFE.INSTR({STRING}, {text}, {nonzero})
    SAFE.ASCII({STRING})
    UNICODE({STRING})
    FARM_FINGERPRINT({STRING})
    FARM_FINGERPRINT({BYTES})
    ARRAY_LENGTH({STRINGS})
    ARRAY_LENGTH({INTS})
    {INTS}[SAFE_OFFSET({small})]
    RANGE_BUCKET({INT64}, [-5, 0, 5, 100])
    LAX_INT64({JSON})
    SAFE.INT64({JSON})
    SAFE_CAST(JSON_VALUE({JSON}, {path}) AS INT64)
    EXTRACT({dateField} FROM {DATE})
    EXTRACT({dateField} FROM {DATETIME})
    EXTRACT({dateField} FROM {TIMESTAMP})
    EXTRACT({timeField} FROM {TIMESTAMP} AT TIME ZONE {zone})
    EXTRACT({timeField} FROM {TIME})
    DATE_DIFF({DATE}, {DATE}, {weekPart})
    DATETIME_DIFF({DATETIME}, {DATETIME}, {datetimePart})
    TIMESTAMP_DIFF({TIMESTAMP}, {TIMESTAMP}, {clockPart})
    TIME_DIFF({TIME}, {TIME}, {timePart})
    UNIX_DATE({DATE})
    UNIX_SECONDS({TIMESTAMP})
    UNIX_MILLIS({TIMESTAMP})
    UNIX_MICROS({TIMESTAMP})
    IF({BOOL}, {INT64}, {INT64})
    COALESCE({INT64}, {INT64})
    NULLIF({INT64}, {INT64})
    GREATEST({INT64}, {INT64}, {small})
    LEAST({INT64}, {INT64})
    CASE WHEN {BOOL} THEN {INT64} ELSE {INT64} END
    (SELECT COUNT(*) FROM UNNEST({STRINGS}) x WHERE x > {literal})
    STRUCT({STRING} AS a, {INT64} AS b).b`),
  FLOAT64: lines(`
    SAFE_ADD({FLOAT64}, {FLOAT64})
    SAFE_SUBTRACT({FLOAT64}, {FLOAT64})
    SAFE_MULTIPLY({FLOAT64}, {FLOAT64})
    SAFE_DIVIDE({FLOAT64}, {FLOAT64})
    SAFE_DIVIDE({INT64}, {INT64})
    IEEE_DIVIDE({FLOAT64}, {FLOAT64})
    -{FLOAT64}
    ABS({FLOAT64})
    SIGN({FLOAT64})
    SAFE.ROUND({FLOAT64})
    SAFE.ROUND({FLOAT64}, {digits})
    TRUNC({FLOAT64}, {digits})
    CEIL({FLOAT64})
    FLOOR({FLOAT64})
    SAFE.SQRT({FLOAT64})
    SAFE_CAST({STRING} AS FLOAT64)
    CAST({INT64} AS FLOAT64)
    CAST({NUMERIC} AS FLOAT64)
    CAST({BIGNUMERIC} AS FLOAT64)
    LAX_FLOAT64({JSON})
    SAFE.FLOAT64({JSON})
    IF({BOOL}, {FLOAT64}, {FLOAT64})
    COALESCE({FLOAT64}, {FLOAT64})
    NULLIF({FLOAT64}, {FLOAT64})
    GREATEST({FLOAT64}, {FLOAT64})
    LEAST({FLOAT64}, {FLOAT64}, 0.5)
    CASE WHEN {BOOL} THEN {FLOAT64} END`),
  NUMERIC: lines(`
    SAFE_ADD({NUMERIC}, {NUMERIC})
    SAFE_SUBTRACT({NUMERIC}, {NUMERIC})
    SAFE_MULTIPLY({NUMERIC}, {NUMERIC})
    SAFE_DIVIDE({NUMERIC}, {NUMERIC})
    SAFE_NEGATE({NUMERIC})
    ABS({NUMERIC})
    SIGN({NUMERIC})
    SAFE.ROUND({NUMERIC}, {digits})
    TRUNC({NUMERIC}, {digits})
    SAFE.CEIL({NUMERIC})
    SAFE.FLOOR({NUMERIC})
    SAFE.MOD({NUMERIC}, {NUMERIC})
    SAFE.DIV({NUMERIC}, {NUMERIC})
    SAFE_CAST({STRING} AS NUMERIC)
    SAFE_CAST({FLOAT64} AS NUMERIC)
    SAFE_CAST({BIGNUMERIC} AS NUMERIC)
    CAST({INT64} AS NUMERIC)
    IF({BOOL}, {NUMERIC}, {NUMERIC})
    COALESCE({NUMERIC}, {NUMERIC})
    NULLIF({NUMERIC}, {NUMERIC})
    GREATEST({NUMERIC}, {NUMERIC})
    LEAST({NUMERIC}, {NUMERIC})`),
  BIGNUMERIC: lines(`
    SAFE_ADD({BIGNUMERIC}, {BIGNUMERIC})
    SAFE_SUBTRACT({BIGNUMERIC}, {NUMERIC})
    SAFE_MULTIPLY({BIGNUMERIC}, {BIGNUMERIC})
    SAFE_DIVIDE({BIGNUMERIC}, {BIGNUMERIC})
    SAFE_NEGATE({BIGNUMERIC})
    SAFE.ABS({BIGNUMERIC})
    SIGN({BIGNUMERIC})
    SAFE.ROUND({BIGNUMERIC}, {digits})
    TRUNC({BIGNUMERIC}, {digits})
    SAFE.CEIL({BIGNUMERIC})
    SAFE.FLOOR({BIGNUMERIC})
    SAFE.SQRT({BIGNUMERIC})
    SAFE.MOD({BIGNUMERIC}, {BIGNUMERIC})
    SAFE.DIV({BIGNUMERIC}, {BIGNUMERIC})
    SAFE_CAST({STRING} AS BIGNUMERIC)
    SAFE.PARSE_BIGNUMERIC({STRING})
    SAFE_CAST({FLOAT64} AS BIGNUMERIC)
    CAST({NUMERIC} AS BIGNUMERIC)
    CAST({INT64} AS BIGNUMERIC)
    IF({BOOL}, {BIGNUMERIC}, {NUMERIC})
    COALESCE({BIGNUMERIC}, {BIGNUMERIC})
    NULLIF({BIGNUMERIC}, {INT64})
    GREATEST({BIGNUMERIC}, {NUMERIC})
    LEAST({BIGNUMERIC}, {BIGNUMERIC})`),
  BOOL: lines(`
    {STRING} = {STRING}
    {STRING} < {STRING}
    {INT64} <> {INT64}
    {INT64} >= {INT64}
    {FLOAT64} = {FLOAT64}
    {FLOAT64} <= {FLOAT64}
    {FLOAT64} > {INT64}
    {NUMERIC} > {NUMERIC}
    {BIGNUMERIC} < {BIGNUMERIC}
    {BIGNUMERIC} = {NUMERIC}
    {NUMERIC} = {INT64}
    {DATE} < {DATE}
    {TIMESTAMP} >= {TIMESTAMP}
    {DATETIME} = {DATETIME}
    {TIME} > {TIME}
    {BYTES} < {BYTES}
    {INT64} BETWEEN {small} AND {INT64}
    {FLOAT64} BETWEEN {FLOAT64} AND {FLOAT64}
    {STRING} IN ({STRING}, {literal}, NULL)
    {INT64} NOT IN ({small}, {INT64})
    {FLOAT64} IN ({FLOAT64}, 0)
    {STRING} IN UNNEST({STRINGS})
    {INT64} IN UNNEST({INTS})
    {STRING} LIKE {like}
    {STRING} NOT LIKE {like}
    STARTS_WITH({STRING}, {literal})
    ENDS_WITH({STRING}, {STRING})
    REGEXP_CONTAINS({STRING}, {pattern})
    {BOOL} AND {BOOL}
    {BOOL} OR {BOOL}
    NOT {BOOL}
    {BOOL} = {BOOL}
    {BOOL} IS TRUE
    {BOOL} IS NOT FALSE
    {STRING} IS NULL
    {JSON} IS NOT NULL
    {INT64} IS DISTINCT FROM {INT64}
    {STRING} IS NOT DISTINCT FROM {STRING}
    {FLOAT64} IS DISTINCT FROM {FLOAT64}
    IS_NAN({FLOAT64})
    IS_INF({FLOAT64})
    SAFE_CAST({STRING} AS BOOL)
    CAST({INT64} AS BOOL)
    LAX_BOOL({JSON})
    SAFE.BOOL({JSON})
    IF({BOOL}, {BOOL}, {BOOL})
    COALESCE({BOOL}, {BOOL})
    EXISTS(SELECT 1 FROM UNNEST({STRINGS}) x WHERE x = {literal})
    ({INT64}, {STRING}) = ({INT64}, {STRING})
    ISERROR(CAST({STRING} AS DATE))`),
  DATE: lines(`
    SAFE.DATE_ADD({DATE}, INTERVAL {small} {datePart})
    SAFE.DATE_SUB({DATE}, INTERVAL {small} {datePart})
    SAFE.DATE_TRUNC({DATE}, {weekPart})
    SAFE.LAST_DAY({DATE}, {weekPart})
    DATE({TIMESTAMP}, {zone})
    DATE({DATETIME})
    DATE({TIMESTAMP})
    SAFE.DATE(2024, {small}, ABS({small}))
    SAFE_CAST({STRING} AS DATE)
    SAFE.PARSE_DATE('%Y-%m-%d', {STRING})
    EXTRACT(DATE FROM {TIMESTAMP} AT TIME ZONE {zone})
    IF({BOOL}, {DATE}, {DATE})
    COALESCE({DATE}, {DATE})
    GREATEST({DATE}, {DATE})
    NULLIF({DATE}, {DATE})`),
  TIMESTAMP: lines(`
    SAFE.TIMESTAMP_ADD({TIMESTAMP}, INTERVAL {small} {clockPart})
    SAFE.TIMESTAMP_SUB({TIMESTAMP}, INTERVAL {small} {clockPart})
    SAFE.TIMESTAMP_TRUNC({TIMESTAMP}, {clockPart})
    SAFE.TIMESTAMP_TRUNC({TIMESTAMP}, {clockPart}, {zone})
    SAFE.TIMESTAMP_TRUNC({TIMESTAMP}, {weekPart}, {zone})
    SAFE.TIMESTAMP({STRING})
    SAFE.TIMESTAMP({DATE}, {zone})
    SAFE.TIMESTAMP({DATETIME}, {zone})
    SAFE_CAST({STRING} AS TIMESTAMP)
    CAST({DATE} AS TIMESTAMP)
    CAST({DATETIME} AS TIMESTAMP)
    SAFE.TIMESTAMP_SECONDS({INT64})
    SAFE.TIMESTAMP_MILLIS({INT64})
    SAFE.TIMESTAMP_MICROS({INT64})
    SAFE.PARSE_TIMESTAMP('%Y-%m-%dT%H:%M:%E*S%Ez', {STRING})
    SAFE.PARSE_TIMESTAMP('%F %T', {STRING}, {zone})
    IF({BOOL}, {TIMESTAMP}, {TIMESTAMP})
    COALESCE({TIMESTAMP}, {TIMESTAMP})
    LEAST({TIMESTAMP}, {TIMESTAMP})`),
  DATETIME: lines(`
    DATETIME({TIMESTAMP}, {zone})
    DATETIME({TIMESTAMP})
    DATETIME({DATE}, {TIME})
    DATETIME({DATE})
    SAFE.DATETIME_ADD({DATETIME}, INTERVAL {small} {datetimePart})
    SAFE.DATETIME_SUB({DATETIME}, INTERVAL {small} {datetimePart})
    SAFE.DATETIME_TRUNC({DATETIME}, {datetimePart})
    SAFE_CAST({STRING} AS DATETIME)
    SAFE.PARSE_DATETIME('%F %T', {STRING})
    IF({BOOL}, {DATETIME}, {DATETIME})
    COALESCE({DATETIME}, {DATETIME})`),
  TIME: lines(`
    TIME({TIMESTAMP}, {zone})
    TIME({DATETIME})
    SAFE.TIME({small}, {small}, ABS({small}))
    TIME_ADD({TIME}, INTERVAL {small} {timePart})
    TIME_SUB({TIME}, INTERVAL {small} {timePart})
    TIME_TRUNC({TIME}, {timePart})
    SAFE_CAST({STRING} AS TIME)
    SAFE.PARSE_TIME('%T', {STRING})
    COALESCE({TIME}, {TIME})`),
  BYTES: lines(`
    CAST({STRING} AS BYTES)
    SHA256({STRING})
    SHA1({BYTES})
    MD5({STRING})
    SHA512({BYTES})
    SAFE.FROM_HEX({STRING})
    SAFE.FROM_BASE64({STRING})
    {BYTES} || {BYTES}
    REVERSE({BYTES})
    SAFE.SUBSTR({BYTES}, {small}, ABS({small}))
    IF({BOOL}, {BYTES}, {BYTES})
    COALESCE({BYTES}, {BYTES})`),
  JSON: lines(`
    JSON_QUERY({JSON}, {path})
    {JSON}.a
    {JSON}.b.c
    {JSON}[0]
    {JSON}['x y']
    SAFE.PARSE_JSON({STRING})
    TO_JSON({STRING})
    TO_JSON({INT64})
    TO_JSON({STRINGS})
    TO_JSON(STRUCT({STRING} AS b, {INT64} AS a, {DATE} AS c))
    JSON_OBJECT('k', {STRING}, 'a', {INT64})
    JSON_ARRAY({INT64}, {STRING}, {BOOL}, NULL)
    IF({BOOL}, {JSON}, {JSON})
    COALESCE({JSON}, {JSON})`),
  STRINGS: lines(`
    SPLIT({STRING}, {literal})
    SPLIT({STRING})
    REGEXP_EXTRACT_ALL({STRING}, {pattern})
    JSON_VALUE_ARRAY({STRING}, {path})
    JSON_QUERY_ARRAY({STRING}, {path})
    ARRAY_CONCAT({STRINGS}, {STRINGS})
    ARRAY_REVERSE({STRINGS})
    ARRAY(SELECT x FROM UNNEST({STRINGS}) x ORDER BY x)
    ARRAY(SELECT DISTINCT x FROM UNNEST({STRINGS}) x WHERE x IS NOT NULL ORDER BY x LIMIT 3)
    ARRAY(SELECT UPPER(x) FROM UNNEST({STRINGS}) x WITH OFFSET o WHERE o > {small} ORDER BY o)
    IF({BOOL}, {STRINGS}, {STRINGS})`),
  INTS: lines(`
    TO_CODE_POINTS({STRING})
    GENERATE_ARRAY({small}, {small}, {nonzero})
    ARRAY_REVERSE({INTS})
    ARRAY_CONCAT({INTS}, {INTS})
    ARRAY(SELECT SAFE_MULTIPLY(x, 2) FROM UNNEST({INTS}) x WITH OFFSET o WHERE x > {small} ORDER BY o)`),
}

/** What an expression may end with. */
export const leaves: Record<FuzzType, string[]> = {
  STRING: ['s', 'p', 's', 'p', `'x'`, `''`, 'CAST(NULL AS STRING)'],
  INT64: ['i', 'u', 'u', 'k', '0', '-1', 'CAST(NULL AS INT64)'],
  FLOAT64: ['f', 'f', '2.5', `CAST('nan' AS FLOAT64)`],
  NUMERIC: [
    'n',
    'n',
    `NUMERIC '0.5'`,
    `NUMERIC '-7'`,
    `NUMERIC '0.000000001'`,
    `NUMERIC '-12345678901234567890.123456789'`,
    `NUMERIC '99999999999999999999999999999.999999999'`,
  ],
  BIGNUMERIC: ['b', 'b', `BIGNUMERIC '0.5'`, `BIGNUMERIC '-1e-38'`],
  BOOL: ['u > 0', 's IS NULL', 'TRUE', 'CAST(NULL AS BOOL)'],
  DATE: ['d', 'd', `DATE '2024-02-29'`],
  TIMESTAMP: ['t', 't', `TIMESTAMP '2024-03-10 07:30:00.5Z'`],
  DATETIME: ['DATETIME(t)', `DATETIME '2024-11-03 01:30:00'`],
  TIME: ['TIME(t)', `TIME '23:59:59.999999'`],
  BYTES: ['CAST(s AS BYTES)', `b'\\x00\\xffa'`],
  JSON: ['j', 'j', `JSON '{"a":[1,"x",null]}'`],
  STRINGS: [`SPLIT(s, '')`, '[s, p]', `SPLIT(p, '-')`],
  INTS: ['[i, u]', '[1, 2, 3]', 'CAST([] AS ARRAY<INT64>)'],
}

/** Expressions over all rows or those of a group, of scalar ones. */
export const aggregateGrammar = lines(`
    COUNT({STRING})
    COUNT(DISTINCT {STRING})
    COUNT(DISTINCT {INT64})
    COUNTIF({BOOL})
    SUM(CAST({INT64} AS NUMERIC))
    AVG(CAST({INT64} AS NUMERIC))
    MIN({STRING})
    MAX({STRING})
    MIN({FLOAT64})
    MAX({FLOAT64})
    MIN({TIMESTAMP})
    MAX({DATE})
    MAX({NUMERIC})
    MAX({BIGNUMERIC})
    SUM(CAST({NUMERIC} AS BIGNUMERIC))
    AVG(CAST({NUMERIC} AS BIGNUMERIC))
    MIN({BYTES})
    LOGICAL_AND({BOOL})
    LOGICAL_OR({BOOL})
    BIT_XOR({INT64})
    ARRAY_AGG({STRING} IGNORE NULLS ORDER BY k)
    ARRAY_AGG({INT64} IGNORE NULLS ORDER BY k DESC LIMIT 3)
    STRING_AGG({STRING}, {literal} ORDER BY k)
    ARRAY_CONCAT_AGG({STRINGS} ORDER BY k)
    ANY_VALUE({STRING} HAVING MAX k)
    MAX_BY({STRING}, k)`)

const constants: Record<string, string[]> = {
  small: ['-3', '-1', '0', '1', '2', '3', '7', '12'],
  nonzero: ['-2', '-1', '1', '2', '3'],
  digits: ['-2', '-1', '0', '1', '2', '3', '5'],
  literal: [`''`, `'a'`, `'-'`, `'0'`, `'x'`, `', '`],
  text: [`'ab'`, `'x1'`, `'é'`, `' '`],
  form: ['NFC', 'NFD', 'NFKC', 'NFKD'],
  pattern: [`r'[a-z]+'`, `r'(\\d+)'`, `r'^x'`, `r'[^0-9]'`, `r'\\s'`],
  like: [`'%a%'`, `'x_%'`, `'%\\\\%%'`, `'_'`, `'%'`],
  path: [`'$'`, `'$.a'`, `'$.a[0]'`, `'$.c.b'`, `'$."x y"'`],
  zone: [`'UTC'`, `'America/New_York'`, `'Asia/Kolkata'`, `'Europe/London'`],
  datePart: ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
  weekPart: ['DAY', 'WEEK', 'WEEK(TUESDAY)', 'ISOWEEK', 'MONTH', 'QUARTER', 'YEAR', 'ISOYEAR'],
  clockPart: ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY'],
  timePart: ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR'],
  datetimePart: ['MICROSECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'],
  dateField: [
    'DAY',
    'DAYOFWEEK',
    'DAYOFYEAR',
    'WEEK',
    'WEEK(MONDAY)',
    'ISOWEEK',
    'MONTH',
    'QUARTER',
    'YEAR',
    'ISOYEAR',
  ],
  timeField: ['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND'],
  timestampFormat: [`'%F %T'`, `'%Y-%m-%dT%H:%M:%E*S%Ez'`, `'%c|%j|%U|%V|%G'`, `'%s %Q'`],
  dateFormat: [`'%Y%m%d'`, `'%A, %d %B %Y'`, `'%x|%e|%u|%w|%y'`],
}

/** The text for a hole that is no expression; undefined where it is one. */
export function randomConstant(hole: string, random: Random): string | undefined {
  const values = constants[hole]
  return values && pick(random, values)
}

export function isFuzzType(hole: string): hole is FuzzType {
  return Object.hasOwn(grammar, hole)
}

function lines(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
}
