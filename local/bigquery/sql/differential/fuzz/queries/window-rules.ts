import { orderedTypes, type Type } from './types.ts'

/** A call that stands before OVER, and its type. */
export type WindowRule = { call: string; type: Type; hasNoFrame?: boolean }

const everyType = (rules: (type: Type) => WindowRule[]): WindowRule[] => orderedTypes.flatMap(rules)

const numbering: WindowRule[] = [
  { call: 'ROW_NUMBER()', type: 'INT64', hasNoFrame: true },
  { call: 'NTILE(2)', type: 'INT64', hasNoFrame: true },
]

/** They ask for the places of rows: all that could tell rows apart must order them. */
export const ofPlaces: WindowRule[] = [
  ...numbering,
  ...everyType((type) => [
    { call: `LAG({${type}})`, type, hasNoFrame: true },
    { call: `LEAD({${type}}, 2)`, type, hasNoFrame: true },
    { call: `LAG({${type}}, 1, {=${type}})`, type, hasNoFrame: true },
    { call: `FIRST_VALUE({${type}})`, type },
    { call: `LAST_VALUE({${type}})`, type },
    { call: `FIRST_VALUE({${type}} IGNORE NULLS)`, type },
    { call: `LAST_VALUE({${type}} IGNORE NULLS)`, type },
    { call: `NTH_VALUE({${type}}, 2)`, type },
    { call: `NTH_VALUE({${type}}, 2 IGNORE NULLS)`, type },
  ]),
  { call: 'ARRAY_AGG({INT64})', type: 'INTS' },
  { call: 'ARRAY_AGG({STRING} IGNORE NULLS)', type: 'STRINGS' },
  { call: `STRING_AGG({STRING}, '+')`, type: 'STRING' },
]

/** They ask which rows are equal. */
export const ofPeers: WindowRule[] = [
  { call: 'RANK()', type: 'INT64' },
  { call: 'DENSE_RANK()', type: 'INT64' },
  { call: 'PERCENT_RANK()', type: 'FLOAT64' },
  { call: 'CUME_DIST()', type: 'FLOAT64' },
]

export const ofGroups: WindowRule[] = [
  { call: 'COUNT(*)', type: 'INT64' },
  { call: 'COUNT({STRING})', type: 'INT64' },
  { call: 'COUNTIF({BOOL})', type: 'INT64' },
  { call: 'SUM(LENGTH({STRING}))', type: 'INT64' },
  { call: 'SUM({FLOAT64})', type: 'FLOAT64' },
  { call: 'AVG({FLOAT64})', type: 'FLOAT64' },
  { call: 'SUM(SAFE_DIVIDE({NUMERIC}, 1000))', type: 'NUMERIC' },
  { call: 'AVG(SAFE_DIVIDE({NUMERIC}, 1000))', type: 'NUMERIC' },
  { call: 'LOGICAL_OR({BOOL})', type: 'BOOL' },
  { call: 'BIT_XOR({INT64})', type: 'INT64' },
  ...everyType((type) => [
    { call: `MIN({${type}})`, type },
    { call: `MAX({${type}})`, type },
  ]),
]

/** With frames by the distance of values. */
export const ofRange: WindowRule[] = ofGroups

export const frames = [
  '',
  'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
  'ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
  'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  'ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING',
  'ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
  'ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING',
  'ROWS 1 PRECEDING',
  'ROWS UNBOUNDED PRECEDING',
  'RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
  'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
]
