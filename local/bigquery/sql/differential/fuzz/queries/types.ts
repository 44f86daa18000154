import { pick, type Random } from '../../awkward-rows.ts'

/** The types of columns, by short names: JSON's and arrays' columns cannot be ordered or grouped. */
export const types = {
  INT64: 'INT64',
  STRING: 'STRING',
  FLOAT64: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  BOOL: 'BOOL',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
  TIME: 'TIME',
  JSON: 'JSON',
  INTS: 'ARRAY<INT64>',
  STRINGS: 'ARRAY<STRING>',
  FLOATS: 'ARRAY<FLOAT64>',
  PAIR: 'STRUCT<a INT64, b STRING>',
  PAIRS: 'ARRAY<STRUCT<a INT64, b STRING>>',
} as const

export type Type = keyof typeof types
export const typeNames = Object.keys(types) as Type[]

const unordered = new Set<Type>(['JSON', 'INTS', 'STRINGS', 'FLOATS', 'PAIR', 'PAIRS'])

export const orderedTypes = typeNames.filter((type) => !unordered.has(type))

export function isOrdered(type: Type): boolean {
  return !unordered.has(type)
}

/** The elements of arrays. */
export const elements: Partial<Record<Type, Type>> = {
  INTS: 'INT64',
  STRINGS: 'STRING',
  FLOATS: 'FLOAT64',
  PAIRS: 'PAIR',
}

/** Types that become this one where both meet: in a set operation, CASE, COALESCE or IN. */
export const narrower: Partial<Record<Type, string[]>> = {
  FLOAT64: ['{INT64}', '{NUMERIC}', '1', 'NULL'],
  NUMERIC: ['{INT64}', '7', 'NULL'],
  INT64: ['1', 'NULL'],
  STRING: [`'x'`, 'NULL'],
  DATE: [`'2024-02-29'`, 'NULL'],
  TIMESTAMP: [`'2024-02-29 12:00:00+01'`, 'NULL'],
  DATETIME: ['{DATE}', 'NULL'],
  BYTES: [`b'x'`, 'NULL'],
  INTS: ['[]', '[1, NULL]', 'NULL'],
  STRINGS: [`['']`, '[]', 'NULL'],
  FLOATS: ['[1, 2.5]', '[]'],
  PAIR: [`(1, 'x')`, 'NULL', `(NULL, '')`],
}

/** Awkward values, the simplest first. */
const values: Record<Type, string[]> = {
  INT64: lines(`0|1|NULL|2|3|-1|9007199254740993|9223372036854775807|-9223372036854775808`),
  STRING: lines(
    `'a'|''|NULL|'b'|'A'|'ab'|'1'|' '|'é'|'e\\u0301'|'ß'|'\\uFFFD'|'\\U0001F600'|'%'|'a\\n'`,
  ),
  FLOAT64: lines(
    `0.0|1.5|NULL|CAST('nan' AS FLOAT64)|CAST('inf' AS FLOAT64)|CAST('-inf' AS FLOAT64)|-0.0|-2.25|1.0|1e10`,
  ),
  NUMERIC: lines(
    `NUMERIC '0'|NUMERIC '1'|NULL|NUMERIC '1.5'|NUMERIC '-2.25'|NUMERIC '0.000000001'|NUMERIC '9999999999999999999999999999.999999999'`,
  ),
  BOOL: lines('FALSE|TRUE|NULL'),
  BYTES: lines(`b''|b'a'|NULL|b'\\x00'|b'\\xff\\x00'|b'A'`),
  DATE: lines(
    `DATE '2024-02-29'|DATE '2024-12-30'|NULL|DATE '0001-01-01'|DATE '9999-12-31'|DATE '1969-12-31'`,
  ),
  DATETIME: lines(
    `DATETIME '2024-02-29 12:00:00'|DATETIME '2024-03-10 02:30:00.000001'|NULL|DATETIME '0001-01-01 00:00:00'|DATETIME '9999-12-31 23:59:59.999999'`,
  ),
  TIMESTAMP: lines(
    `TIMESTAMP '2024-02-29 12:00:00Z'|TIMESTAMP '2024-11-03 05:30:00Z'|NULL|TIMESTAMP '0001-01-01 00:00:00Z'|TIMESTAMP '9999-12-31 23:59:59.999999Z'|TIMESTAMP '1969-12-31 23:59:59.999999Z'`,
  ),
  TIME: lines(`TIME '00:00:00'|TIME '23:59:59.999999'|NULL|TIME '12:30:00'`),
  JSON: lines(
    `JSON '1'|JSON '{"a":1,"b":[1,null]}'|NULL|JSON 'null'|JSON '"x"'|JSON '{"a":null}'|JSON '[]'`,
  ),
  INTS: lines(`[1]|[1, NULL, 2]|NULL|[]|[NULL]|[2, 1, 1]`),
  STRINGS: lines(`['a']|['a', NULL, '']|NULL|[]|['b', 'a', 'b']`),
  FLOATS: lines(`[1.5]|[CAST('nan' AS FLOAT64), NULL, -0.0]|NULL|[]|[0.0, CAST('inf' AS FLOAT64)]`),
  PAIR: lines(`(1, 'a')|(1, NULL)|NULL|(NULL, NULL)|(2, '')`),
  PAIRS: lines(`[(1, 'a')]|[(1, NULL), NULL, (NULL, NULL)]|NULL|[]|[(2, 'b'), (1, 'a'), (1, 'a')]`),
}

export function randomType(random: Random): Type {
  return pick(random, typeNames)
}

/** A value as it may stand where its type is known. */
function randomValue(type: Type, random: Random): string {
  return pick(random, values[type])
}

/** A value that has its type by itself. */
export function typedValue(type: Type, random: Random): string {
  const value = randomValue(type, random)
  if (value === 'NULL') return `CAST(NULL AS ${types[type]})`
  return /^[[(]/.test(value) ? `${types[type]}${value}` : value
}

function lines(text: string): string[] {
  return text.split('|')
}

export function isType(name: string): name is Type {
  return Object.hasOwn(types, name)
}
