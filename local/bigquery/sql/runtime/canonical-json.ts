import { JsonTextError } from './json-text-error.ts'
import { canonicalDouble } from './canonical-double.ts'

type Scanner = { text: string; at: number }

const deepest = 500

/**
 * JSON as BigQuery keeps it: keys sorted, of equal keys the first, no spaces between tokens,
 * integers of 64 bits and numbers that a FLOAT64 holds in their shortest form. The text is scanned
 * and never made into JavaScript values, which would lose the digits of large integers.
 */
export function canonicalJson(text: string): string {
  const scanner = { text, at: text.startsWith('\ufeff') ? 1 : 0 }
  const value = scanValue(scanner, 0)
  skipSpace(scanner)
  if (scanner.at < text.length) throw unexpected(scanner)
  return value
}

function scanValue(scanner: Scanner, depth: number): string {
  if (depth > deepest) throw new JsonTextError('JSON is nested too deeply')
  skipSpace(scanner)
  switch (scanner.text[scanner.at]) {
    case '{':
      return scanObject(scanner, depth)
    case '[':
      return scanArray(scanner, depth)
    case '"':
      return scanString(scanner)
    case 't':
      return scanWord(scanner, 'true')
    case 'f':
      return scanWord(scanner, 'false')
    case 'n':
      return scanWord(scanner, 'null')
    default:
      return scanNumber(scanner)
  }
}

type Member = { key: string; literal: string; value: string }

function scanObject(scanner: Scanner, depth: number): string {
  const members: Member[] = []
  let isSorted = true
  scanner.at += 1
  skipSpace(scanner)
  if (scanner.text[scanner.at] === '}') return close(scanner, '{}')
  for (;;) {
    skipSpace(scanner)
    if (scanner.text[scanner.at] !== '"') throw unexpected(scanner)
    const literal = scanString(scanner)
    const key = literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1)
    skipSpace(scanner)
    expect(scanner, ':')
    const value = scanValue(scanner, depth + 1)
    const before = members.at(-1)
    if (before && compareKeys(before.key, key) >= 0) isSorted = false
    members.push({ key, literal, value })
    skipSpace(scanner)
    if (scanner.text[scanner.at] === '}') break
    expect(scanner, ',')
  }
  const inOrder = isSorted ? members : sortedByKey(members)
  return close(scanner, `{${inOrder.map((m) => `${m.literal}:${m.value}`).join(',')}}`)
}

/** Sorting is stable, so of equal keys the first stays first. */
function sortedByKey(members: Member[]): Member[] {
  const inOrder = members.toSorted((a, b) => compareKeys(a.key, b.key))
  return inOrder.filter(({ key }, index) => key !== inOrder[index - 1]?.key)
}

/** By the bytes of UTF-8; JavaScript's own order differs where there are surrogates. */
function compareKeys(a: string, b: string): number {
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}
const surrogate = /[\ud800-\udfff]/

function scanArray(scanner: Scanner, depth: number): string {
  const items: string[] = []
  scanner.at += 1
  skipSpace(scanner)
  if (scanner.text[scanner.at] === ']') return close(scanner, '[]')
  for (;;) {
    items.push(scanValue(scanner, depth + 1))
    skipSpace(scanner)
    if (scanner.text[scanner.at] === ']') break
    expect(scanner, ',')
  }
  return close(scanner, `[${items.join(',')}]`)
}

function close(scanner: Scanner, value: string): string {
  scanner.at += 1
  return value
}

/* oxlint-disable no-control-regex -- in JSON strings they are forbidden. */
const plainString = /"[^"\\\u0000-\u001f]*"/y
const plainPart = /[^"\\\u0000-\u001f]*/y
/* oxlint-enable no-control-regex */
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** A literal without escapes is kept as it is; one with escapes gets the shortest ones. */
function scanString(scanner: Scanner): string {
  const literal = scanLiteral(scanner)
  if (!literal.includes('\\u') && !literal.includes('\\/')) return literal
  const value = JSON.parse(literal) as string
  if (!value.isWellFormed()) throw new JsonTextError('JSON string holds half a surrogate pair')
  return JSON.stringify(value)
}

/** One escape a step: a pattern for all of them runs out of stack on a string of megabytes. */
function scanLiteral(scanner: Scanner): string {
  const start = scanner.at
  plainString.lastIndex = start
  if (plainString.test(scanner.text)) {
    scanner.at = plainString.lastIndex
    return scanner.text.slice(start, scanner.at)
  }
  expect(scanner, '"')
  match(scanner, plainPart)
  while (scanner.text[scanner.at] !== '"') {
    match(scanner, escape)
    match(scanner, plainPart)
  }
  scanner.at += 1
  return scanner.text.slice(start, scanner.at)
}

const numberLiteral = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y

function scanNumber(scanner: Scanner): string {
  const literal = match(scanner, numberLiteral)
  if (literal.length < 16 && /^-?[1-9]\d*$|^0$/.test(literal)) return literal
  if (literal === '-0') return '0'
  if (/^-?\d+$/.test(literal)) {
    const integer = BigInt(literal)
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return literal
  }
  return canonicalDouble(literal)
}

function scanWord(scanner: Scanner, word: string): string {
  if (!scanner.text.startsWith(word, scanner.at)) throw unexpected(scanner)
  scanner.at += word.length
  return word
}

function match(scanner: Scanner, pattern: RegExp): string {
  pattern.lastIndex = scanner.at
  const found = pattern.exec(scanner.text)?.[0]
  if (found === undefined) throw unexpected(scanner)
  scanner.at += found.length
  return found
}

function skipSpace(scanner: Scanner): void {
  for (;;) {
    const code = scanner.text.charCodeAt(scanner.at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
    scanner.at += 1
  }
}

function expect(scanner: Scanner, character: string): void {
  if (scanner.text[scanner.at] !== character) throw unexpected(scanner)
  scanner.at += 1
}

function unexpected({ text, at }: Scanner): JsonTextError {
  const what = at < text.length ? `unexpected ${JSON.stringify(text[at])}` : 'unexpected end'
  return new JsonTextError(`syntax error while parsing JSON: ${what} at character ${at + 1}`)
}
