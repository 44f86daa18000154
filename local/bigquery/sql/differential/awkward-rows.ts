/** Numbers from 0 up to a limit, the same for the same seed. */
export type Random = (limit: number) => number

export function seededRandom(seed: number): Random {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** A row of texts; typed columns are made from them by casts of plain values. */
export type AwkwardRow = Record<
  's' | 'p' | 'j' | 't' | 'd' | 'n' | 'f' | 'i' | 'u' | 'b',
  string | null
>

export function awkwardRows(count: number, random: Random): AwkwardRow[] {
  const maybe = (make: (random: Random) => string) => (random(15) === 0 ? null : make(random))
  return Array.from({ length: count }, () => ({
    s: maybe(awkwardText),
    p: maybe(awkwardText),
    j: maybe((r) => JSON.stringify(jsonValue(r, 0))),
    t: maybe(timestamp),
    d: maybe((r) => day(r).toISOString().slice(0, 10)),
    n: maybe((r) => `${r(2) ? '-' : ''}${r(1e6)}.${String(r(1e9)).padStart(9, '0')}`),
    f: maybe(float),
    i: maybe((r) => String(r(10) === 0 ? pick(r, integers) : r(2000) - 1000)),
    u: maybe((r) => String(r(7) - 3)),
    b: maybe(bignumeric),
  }))
}

const bignumerics = [
  '0',
  '1',
  '-0.5',
  '2.5',
  '0.00000000000000000000000000000000000001',
  '-0.000000000000000000000000000000000000005',
  '99999999999999999999999999999.9999999995',
  '-9223372036854775808.5',
  '9223372036854775807',
  '578960446186580977117854925043439539266.34992332820282019728792003956564819967',
  '-578960446186580977117854925043439539266.34992332820282019728792003956564819968',
]

function bignumeric(random: Random): string {
  if (random(5) === 0) return pick(random, bignumerics)
  const digits = (count: number): string =>
    Array.from({ length: random(count) }, () => random(10)).join('')
  return `${random(2) ? '-' : ''}${random(1000)}${digits(25)}.${random(10)}${digits(37)}`
}

const integers = [
  '9223372036854775807',
  '-9223372036854775808',
  '9007199254740993',
  '4611686018427387904',
]
const floats = [
  'nan',
  'inf',
  '-inf',
  '-0.0',
  '1e300',
  '5e-324',
  '422.695',
  '2.5',
  '-2.5',
  '0.1',
  '9.2e18',
]

function float(random: Random): string {
  if (random(8) === 0) return pick(random, floats)
  return String((random(2e6) - 1e6) / pick(random, [1, 3, 7, 1000]))
}

const numbers =
  '1|-1|+5|007|1.0|.5|5.|1e3|1E-3|-0|--1| 12|12 |9\n|0x10|-0x10|1,000|9223372036854775807|9223372036854775808|99999999999999999999999999999|0.1234567894|0.1234567895|NaN|inf|-Infinity|null| true|TRUE|False|t|0|bQ=|bQ==|bQ|bQ..|bQ=.|b.Q=|1,2,,3,.45 + |- 12,34.5|12e-3-|-5-|1.2,3|5e-39|4.5e37'.split(
    '|',
  )
const times =
  '2024-02-29|2023-02-29|2024-2-9|24-01-01|0001-01-01|9999-12-31|2024-01-01T00:00:00|2024-01-01 00:00:00Z|2024-01-01 00:00:00+05:30|2024-01-01 00:00:00 UTC|2024-01-01 00:00:00 Europe/Paris|2024-01-01 24:00:00|2024-01-01 00:60:00|2024-01-01 00:00:60|2024-01-01T00:00:00.1234567Z|2024-01-01 1:2:3|2024-01-01T00:00:00.5+01|12:34:56|1:2:3.25|2024-11-03 01:30:00 America/New_York|2024-03-10 02:30:00 America/New_York|20240101|2024-01-01 IST|2024-01-01 UTC|2024-01-01Z|2024-01-01 00:00:00 Z|2024-01-01+05|2024-01-01 +5:3|2024-01-01T-0330|2024-01-01 00:00:00 +05:30|2024-01-01 00:00:00+0530|2024-01-01 00:00:00+14:30|2024-01-01 00:00:00 europe/paris|2024-01-01 00:00:00  UTC| 2024-01-01|2024-01-01 00:00:00 |2024-01-01 00:00:00.|1:2:3.| 1:2:3|02024-01-01'.split(
    '|',
  )
const jsonTexts =
  '{"a":1}|{"a":null}|{"a":[1,null,"x"]}|[1,2|{"a":1.0}|{"a":1e2}|{"a":{"b":"c"}}|{"a":"","a":2}|9007199254740993|1e400|"\\u00e9"|{"b":[1.50,"2"]}|[]|{}|true|nul|9.x|19.|9e|1.5.5|09|9abc|{"a":12.}|\u00a09|\ufeff{}|\v8'.split(
    '|',
  )

export function awkwardText(random: Random): string {
  switch (random(12)) {
    case 0:
      return ''
    case 1:
      return 'x'.repeat(random(50)) + random(1000)
    case 2:
    case 3:
      return pick(random, numbers)
    case 4:
    case 5:
      return pick(random, times)
    case 6:
      return pick(random, jsonTexts)
    case 7:
      return `é${String.fromCodePoint(0x1f600 + random(20))}ßİ${random(99)}`
    case 8:
      return `o${random(99)}-${random(9)}.x_${random(9)}`
    default:
      return Array.from({ length: random(20) }, () => pick(random, characters)).join('')
  }
}
const characters = [...'abc XYZ,.-_09\'"\\%\n\té\u00a0']

function jsonValue(random: Random, depth: number): unknown {
  switch (random(depth > 2 ? 7 : 9)) {
    case 0:
      return null
    case 1:
      return random(1000) - 500
    case 2:
      return random(1000) / 8
    case 3:
      return awkwardText(random)
    case 4:
      return random(2) === 0
    case 5:
      return String(random(100))
    case 6:
      return pick(random, [1e15, 1e-7, 0, -0, 2 ** 53, 0.1])
    case 7:
      return Array.from({ length: random(4) }, () => jsonValue(random, depth + 1))
    default:
      return Object.fromEntries(
        ['a', 'b', 'c', 'x y'].map((key) => [key, jsonValue(random, depth + 1)]),
      )
  }
}

function day(random: Random): Date {
  return new Date(Date.UTC(1950 + random(120), random(12), 1 + random(31)))
}

function timestamp(random: Random): string {
  if (random(10) === 0)
    return pick(random, [
      '2024-11-03T05:30:00Z',
      '2024-11-03T06:30:00Z',
      '1582-10-10T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999Z',
      '1969-12-31T23:59:59.999999Z',
    ])
  const seconds = random(86_400) * 1000
  const clock = new Date(day(random).getTime() + seconds).toISOString().slice(0, 19)
  return `${clock}.${String(random(1_000_000)).padStart(6, '0')}Z`
}

export function pick<T>(random: Random, values: T[]): T {
  const value = values[random(values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}
