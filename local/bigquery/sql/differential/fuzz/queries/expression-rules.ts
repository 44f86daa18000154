import type { Type } from './types.ts'

const any = (type: Type): string[] =>
  lines(`IF({BOOL}, {${type}}, {${type}})
    COALESCE({${type}}, {${type}})
    CASE WHEN {BOOL} THEN {${type}} WHEN {BOOL} THEN {${type}} END
    CASE WHEN {BOOL} THEN NULL ELSE {${type}} END`)

const choice = (type: Type): string[] => [
  ...any(type),
  ...lines(`NULLIF({${type}}, {${type}})
    IFNULL({${type}}, {${type}})
    CASE {${type}} WHEN {${type}} THEN {${type}} ELSE {${type}} END`),
]

const extremes = (type: Type): string[] =>
  lines(`GREATEST({${type}}, {${type}})
    LEAST({${type}}, {${type}}, {${type}})`)

const comparable: Type[] = [
  'INT64',
  'STRING',
  'FLOAT64',
  'NUMERIC',
  'BOOL',
  'BYTES',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'TIME',
]

/** Expressions that fail on no row, by their type. The other fuzzer knows many more functions. */
export const scalarRules: Record<Type, string[]> = {
  INT64: [
    ...lines(`SAFE_ADD({INT64}, {INT64})
    SAFE_NEGATE({INT64})
    LENGTH({STRING})
    ARRAY_LENGTH({INTS})
    ARRAY_LENGTH({PAIRS})
    CAST({BOOL} AS INT64)
    {PAIR}.a
    {INTS}[SAFE_OFFSET(0)]
    {PAIRS}[SAFE_OFFSET(1)].a
    COALESCE({INT64}, NULL, 5)
    EXTRACT(YEAR FROM {DATE})
    LAX_INT64({JSON}.a)`),
    ...choice('INT64'),
    ...extremes('INT64'),
  ],
  STRING: [
    ...lines(`{STRING} || {STRING}
    UPPER({STRING})
    CAST({INT64} AS STRING)
    CAST({DATE} AS STRING)
    CAST({NUMERIC} AS STRING)
    {PAIR}.b
    {STRINGS}[SAFE_ORDINAL(1)]
    ARRAY_TO_STRING({STRINGS}, '-')
    ARRAY_TO_STRING({STRINGS}, '-', '?')
    TO_JSON_STRING({INTS})
    TO_JSON_STRING({PAIRS})
    TO_JSON_STRING({PAIR})
    LAX_STRING({JSON})
    TO_JSON_STRING({JSON})
    JSON_VALUE({JSON}, '$.a')`),
    ...choice('STRING'),
    ...extremes('STRING'),
  ],
  FLOAT64: [
    ...lines(`-{FLOAT64}
    CAST({INT64} AS FLOAT64)
    CAST({NUMERIC} AS FLOAT64)
    ABS({FLOAT64})
    {FLOATS}[SAFE_OFFSET(1)]
    COALESCE({INT64}, {FLOAT64})
    IF({BOOL}, {FLOAT64}, {NUMERIC})
    CASE WHEN {BOOL} THEN 1 ELSE {FLOAT64} END
    GREATEST({INT64}, {FLOAT64})`),
    ...choice('FLOAT64'),
    ...extremes('FLOAT64'),
  ],
  NUMERIC: [
    ...lines(`SAFE_ADD({NUMERIC}, {NUMERIC})
    CAST({INT64} AS NUMERIC)
    COALESCE({INT64}, {NUMERIC})
    IF({BOOL}, 7, {NUMERIC})
    SAFE_DIVIDE({NUMERIC}, {NUMERIC})
    ABS({NUMERIC})`),
    ...choice('NUMERIC'),
    ...extremes('NUMERIC'),
  ],
  BOOL: [
    ...comparable.flatMap((type) =>
      lines(`{${type}} = {${type}}
    {${type}} < {${type}}
    {${type}} BETWEEN {${type}} AND {${type}}
    {${type}} IN ({${type}}, {${type}})
    {${type}} IS NOT DISTINCT FROM {${type}}`),
    ),
    ...lines(`{INT64} > {FLOAT64}
    {INT64} = {NUMERIC}
    {NUMERIC} >= {FLOAT64}
    {INT64} NOT IN ({INT64}, NULL, 1)
    {FLOAT64} IN ({INT64}, {FLOAT64}, 0)
    {DATE} IN ('2024-02-29', {DATE})
    {DATE} = '2024-02-29'
    {TIMESTAMP} > '2024-01-01'
    {DATETIME} >= {DATE}
    {STRING} LIKE '%a_'
    {BOOL} AND {BOOL}
    {BOOL} OR {BOOL}
    NOT {BOOL}
    {BOOL} IS TRUE
    {BOOL} IS NOT FALSE
    {PAIR} = {PAIR}
    {PAIR} != {PAIR}
    {PAIR} IN ({PAIR}, (1, 'a'))
    {PAIR} IS NULL
    ({INT64}, {STRING}) = ({INT64}, {STRING})
    ({INT64}, {STRING}) IN (({INT64}, {STRING}), (1, 'a'))
    ({FLOAT64}, {INT64}) = ({FLOAT64}, {INT64})
    {INTS} IS NULL
    {INT64} IN UNNEST({INTS})
    {STRING} NOT IN UNNEST({STRINGS})
    {FLOAT64} IN UNNEST({FLOATS})
    {PAIR} IN UNNEST({PAIRS})
    {JSON} IS NULL
    LAX_BOOL({JSON})`),
    ...choice('BOOL'),
  ],
  BYTES: [
    ...lines(`CAST({STRING} AS BYTES)
    {BYTES} || {BYTES}`),
    ...choice('BYTES'),
    ...extremes('BYTES'),
  ],
  DATE: [
    ...lines(`DATE({TIMESTAMP})
    SAFE.DATE_ADD({DATE}, INTERVAL 1 MONTH)
    DATE_TRUNC({DATE}, MONTH)
    COALESCE({DATE}, '2024-02-29')
    IF({BOOL}, {DATE}, '2024-02-29')`),
    ...choice('DATE'),
    ...extremes('DATE'),
  ],
  DATETIME: [
    ...lines(`DATETIME({TIMESTAMP})
    DATETIME({DATE}, {TIME})
    CAST({DATE} AS DATETIME)
    COALESCE({DATETIME}, {DATE})`),
    ...choice('DATETIME'),
    ...extremes('DATETIME'),
  ],
  TIMESTAMP: [
    ...lines(`TIMESTAMP({DATE})
    SAFE.TIMESTAMP_ADD({TIMESTAMP}, INTERVAL 1 HOUR)
    TIMESTAMP_TRUNC({TIMESTAMP}, DAY)`),
    ...choice('TIMESTAMP'),
    ...extremes('TIMESTAMP'),
  ],
  TIME: [...lines(`TIME({TIMESTAMP})`), ...choice('TIME'), ...extremes('TIME')],
  JSON: [
    ...lines(`TO_JSON({PAIR})
    TO_JSON({INTS})
    TO_JSON({STRING})
    {JSON}.a
    {JSON}.b[1]
    JSON_QUERY({JSON}, '$.b')`),
    ...any('JSON'),
  ],
  INTS: [
    ...lines(`[{INT64}, {INT64}]
    ARRAY_CONCAT({INTS}, {INTS})
    ARRAY_REVERSE({INTS})
    GENERATE_ARRAY(1, LENGTH({STRING}))`),
    ...any('INTS'),
  ],
  STRINGS: [
    ...lines(`[{STRING}, {STRING}]
    SPLIT({STRING}, '')
    ARRAY_CONCAT({STRINGS}, {STRINGS})`),
    ...any('STRINGS'),
  ],
  FLOATS: [
    ...lines(`[{FLOAT64}, {FLOAT64}]
    [1, {FLOAT64}]
    ARRAY_REVERSE({FLOATS})`),
    ...any('FLOATS'),
  ],
  PAIR: [
    ...lines(`STRUCT({INT64} AS a, {STRING} AS b)
    CAST(({INT64}, {STRING}) AS STRUCT<a INT64, b STRING>)
    {PAIRS}[SAFE_OFFSET(0)]`),
    ...any('PAIR'),
  ],
  PAIRS: [
    ...lines(`[STRUCT({INT64} AS a, {STRING} AS b), ({INT64}, 'z')]
    [{PAIR}, {PAIR}]
    ARRAY_REVERSE({PAIRS})
    ARRAY_CONCAT({PAIRS}, {PAIRS})`),
    ...any('PAIRS'),
  ],
}

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim())
}
