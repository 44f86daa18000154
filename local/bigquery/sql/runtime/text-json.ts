/** A key of an object or an index of an array. */
export type JsonStep = string | number
type Scan = { text: string; at: number }

/**
 * The value at a path (`$."a"[0]`) of JSON held in a STRING, as text: numbers as they are written,
 * no spaces. As GoogleSQL's does, the reading ends where the value ends: whether the text goes on as
 * JSON does not matter. undefined where there is none.
 */
export function textJsonAt(text: string, path: string): string | undefined {
  const scan = { text, at: 0 }
  try {
    return intact(findValue(scan, jsonSteps(path)))
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

function intact(value: string | undefined): string | undefined {
  if (!value?.includes(brokenText)) return value
  throw new Error(
    'not supported by the local engine: JSON text with \\ before a character beyond ASCII',
  )
}

class NoJson extends Error {
  override name = 'NoJson'
}

/** The steps of a path in DuckDB's spelling. */
export function jsonSteps(path: string): JsonStep[] {
  return [...path.matchAll(/\."((?:[^"\\]|\\.)*)"|\[(\d+)\]/g)].map(([, key, index]) =>
    key === undefined ? Number(index) : (JSON.parse(`"${key}"`) as string),
  )
}

function findValue(scan: Scan, steps: JsonStep[]): string | undefined {
  const [step, ...rest] = steps
  skipSpace(scan)
  const start = scan.text[scan.at]
  if (step === undefined) return readValue(scan)
  if (start === '{' && typeof step === 'string') {
    return findMember(scan, step, rest)
  }
  if (start === '[' && typeof step === 'number') {
    return findItem(scan, step, rest)
  }
  readValue(scan)
  return undefined
}

function findMember(scan: Scan, wanted: string, rest: JsonStep[]): string | undefined {
  for (const key of members(scan)) {
    if (key === wanted) return findValue(scan, rest)
    readValue(scan)
  }
  return undefined
}

function findItem(scan: Scan, wanted: number, rest: JsonStep[]): string | undefined {
  for (const index of items(scan)) {
    if (index === wanted) return findValue(scan, rest)
    readValue(scan)
  }
  return undefined
}

/** The keys of an object, the scan standing before the value of each. */
function* members(scan: Scan): Generator<string> {
  scan.at += 1
  skipSpace(scan)
  if (take(scan, '}')) return
  for (;;) {
    skipSpace(scan)
    const key = readString(scan)
    skipSpace(scan)
    need(scan, ':')
    yield key
    skipSpace(scan)
    if (take(scan, '}')) return
    need(scan, ',')
  }
}

function* items(scan: Scan): Generator<number> {
  scan.at += 1
  skipSpace(scan)
  if (take(scan, ']')) return
  for (let index = 0; ; index += 1) {
    yield index
    skipSpace(scan)
    if (take(scan, ']')) return
    need(scan, ',')
  }
}

function readValue(scan: Scan): string {
  skipSpace(scan)
  switch (scan.text[scan.at]) {
    case '{': {
      const pieces: string[] = []
      for (const key of members(scan)) pieces.push(`${JSON.stringify(key)}:${readValue(scan)}`)
      return `{${pieces.join(',')}}`
    }
    case '[': {
      const pieces: string[] = []
      for (const _ of items(scan)) pieces.push(readValue(scan))
      return `[${pieces.join(',')}]`
    }
    case '"':
    case "'":
      return JSON.stringify(readString(scan))
    default:
      return match(scan, wordOrNumber)
  }
}

/** What begins as a fraction or an exponent must be one: `9x` is the number 9, and `9.x` is none. */
const wordOrNumber =
  /true|false|null|-?(?:0|[1-9]\d*(?!\d))(?:\.\d+(?!\d)|(?!\.))(?:[eE][+-]?\d+|(?![eE]))/y

const stringLiteral = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy

/** GoogleSQL takes single quotes too, line breaks, and escapes that JSON does not have. */
function readString(scan: Scan): string {
  const inner = match(scan, stringLiteral).slice(1, -1)
  return inner.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/gs,
    decodeEscape,
  )
}

function decodeEscape(_: string, ...groups: (string | undefined)[]): string {
  const [wide, narrow, octal, letter = ''] = groups
  const hex = wide ?? narrow
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
  if (letter === 'u' || letter === 'x') throw new NoJson()
  if (letter > '\x7f') return brokenText
  return escapes[letter] ?? letter
}

/** GoogleSQL drops the first byte of an escaped character beyond ASCII: what is left is no text. */
const brokenText = '\uffff'

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function match(scan: Scan, pattern: RegExp): string {
  pattern.lastIndex = scan.at
  const found = pattern.exec(scan.text)?.[0]
  if (found === undefined) throw new NoJson()
  scan.at += found.length
  return found
}

function skipSpace(scan: Scan): void {
  // The white space of ASCII alone, vertical tabs and form feeds with it.
  while (/[ \t-\r]/.test(scan.text[scan.at] ?? '')) scan.at += 1
}

function take(scan: Scan, character: string): boolean {
  if (scan.text[scan.at] !== character) return false
  scan.at += 1
  return true
}

function need(scan: Scan, character: string): void {
  if (!take(scan, character)) throw new NoJson()
}
