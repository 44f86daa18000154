import { isOrdered, orderedTypes, type Type, typeNames } from './types.ts'

const extremes = (type: Type): string[] => [`MIN({${type}})`, `MAX({${type}})`]

/** Lists whose order is that of their own elements, or that of others first. */
const lists = (type: Type): string[] => [
  `ARRAY_AGG({${type}#1} ORDER BY {${type}#1})`,
  `ARRAY_AGG({${type}#1} IGNORE NULLS ORDER BY {${type}#1} DESC)`,
  `ARRAY_AGG({${type}#1} ORDER BY {STRING#2}, {${type}#1} LIMIT 2)`,
  `ARRAY_AGG({${type}#1} ORDER BY {INT64#2} DESC NULLS FIRST, {${type}#1} NULLS LAST)`,
  `ARRAY_AGG(DISTINCT {${type}#1} ORDER BY {${type}#1})`,
  `ARRAY_AGG(DISTINCT {${type}#1} IGNORE NULLS ORDER BY {${type}#1} DESC LIMIT 2)`,
]

/** Aggregates that give one value, whatever the order of the rows, by its type. */
export const aggregateRules: Partial<Record<Type, string[]>> = {
  ...Object.fromEntries(orderedTypes.map((type) => [type, extremes(type)])),
  INT64: [
    'COUNT(*)',
    ...typeNames.map((type) => `COUNT({${type}})`),
    ...typeNames.filter(isOrdered).map((type) => `COUNT(DISTINCT {${type}})`),
    'COUNTIF({BOOL})',
    'SUM(LENGTH({STRING}))',
    'SUM(DISTINCT ARRAY_LENGTH({INTS}))',
    'BIT_XOR({INT64})',
    'BIT_AND({INT64})',
    'MAX({INT64#1} HAVING MAX {INT64#1})',
    'ANY_VALUE({INT64#1} HAVING MIN {INT64#1})',
    'MAX_BY({INT64#1}, {INT64#1})',
    ...extremes('INT64'),
  ],
  STRING: [
    `STRING_AGG({STRING#1}, '|' ORDER BY {STRING#1})`,
    `STRING_AGG({STRING#1} ORDER BY {STRING#1} DESC LIMIT 2)`,
    `STRING_AGG(DISTINCT {STRING#1}, '' ORDER BY {STRING#1})`,
    `STRING_AGG({STRING#1}, '|' ORDER BY {INT64#2}, {STRING#1})`,
    ...extremes('STRING'),
  ],
  FLOAT64: ['SUM({FLOAT64})', 'AVG({FLOAT64})', 'AVG(LENGTH({STRING}))', ...extremes('FLOAT64')],
  NUMERIC: [
    'SUM(SAFE_DIVIDE({NUMERIC}, 1000))',
    'AVG(SAFE_DIVIDE({NUMERIC}, 1000))',
    'SUM(DISTINCT SAFE_DIVIDE({NUMERIC}, 1000))',
    ...extremes('NUMERIC'),
  ],
  BOOL: ['LOGICAL_AND({BOOL})', 'LOGICAL_OR({BOOL})', ...extremes('BOOL')],
  INTS: lists('INT64'),
  STRINGS: lists('STRING'),
  FLOATS: lists('FLOAT64'),
  PAIRS: [
    'ARRAY_AGG(STRUCT({INT64#1} AS a, {STRING#2} AS b) ORDER BY {INT64#1}, {STRING#2})',
    'ARRAY_AGG(STRUCT({INT64#1} AS a, {STRING#2} AS b) ORDER BY {STRING#2} DESC, {INT64#1} LIMIT 2)',
  ],
}

export const aggregateTypes = Object.keys(aggregateRules) as Type[]
