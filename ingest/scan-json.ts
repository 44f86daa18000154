import { isExactNumber } from './exact-number.ts'

/** What a JSON text says that its parsed value no longer tells. */
export type JsonFacts = {
  /** Keys of all objects; a parsed value that has fewer lost a repeated one. */
  keys: number
  depth: number
  /** Bytes that the text grows by as a JSON string: its quotes and backslashes. */
  escapes: number
  hasLineBreaks: boolean
  /** The first number that BigQuery would not hold digit for digit. */
  inexactNumber: string | undefined
  hasLoneSurrogate: boolean
}

const quote = 0x22
const backslash = 0x5c
const letterU = 0x75

/** Reads the bytes of a text that JSON.parse accepts, once. */
export function scanJson(bytes: Buffer): JsonFacts {
  let keys = 0
  let level = 0
  let depth = 0
  let escapes = 0
  let hasLineBreaks = false
  let inexactNumber: string | undefined
  let hasLoneSurrogate = false

  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) {
      for (i++; bytes[i] !== quote; i++) {
        if (bytes[i] !== backslash) continue
        escapes++
        i++
        if (bytes[i] === backslash || bytes[i] === quote) escapes++
        if (bytes[i] !== letterU || !isSurrogate(bytes, i)) continue
        if (isSurrogatePair(bytes, i)) {
          // The second half was looked at with the first.
          escapes++
          i += 6
        } else hasLoneSurrogate = true
      }
      escapes += 2
    } else if (byte === 0x3a) keys++
    else if (byte === 0x7b || byte === 0x5b) depth = Math.max(depth, ++level)
    else if (byte === 0x7d || byte === 0x5d) level--
    else if (byte === 0x0a || byte === 0x0d) hasLineBreaks = true
    else if (byte === 0x2d || isDigit(byte)) {
      const end = endOfNumber(bytes, i)
      if (inexactNumber === undefined && mayBeInexact(bytes, i, end)) {
        const literal = bytes.toString('latin1', i, end)
        if (!isExactNumber(literal)) inexactNumber = literal
      }
      i = end - 1
    }
  }
  return { keys, depth, escapes, hasLineBreaks, inexactNumber, hasLoneSurrogate }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isExponent(byte: number | undefined): boolean {
  return byte === 0x65 || byte === 0x45
}

function endOfNumber(bytes: Buffer, start: number): number {
  let end = start + 1
  for (; end < bytes.length; end++) {
    const byte = bytes[end]
    const inside =
      isDigit(byte) || isExponent(byte) || byte === 0x2e || byte === 0x2b || byte === 0x2d
    if (!inside) break
  }
  return end
}

/** A FLOAT64 gives back any 15 digits, so only long numbers and exponents need a closer look. */
function mayBeInexact(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > 15) return true
  for (let i = start; i < end; i++) if (isExponent(bytes[i])) return true
  return false
}

/** Whether the `u` at `at` begins a code unit from D800 to DFFF. */
function isSurrogate(bytes: Buffer, at: number): boolean {
  const first = bytes[at + 1]
  const second = bytes[at + 2] ?? 0
  return (first === 0x64 || first === 0x44) && !(second >= 0x30 && second <= 0x37)
}

function isSurrogatePair(bytes: Buffer, at: number): boolean {
  if (bytes[at + 5] !== backslash || bytes[at + 6] !== letterU) return false
  const high = Number.parseInt(bytes.toString('latin1', at + 1, at + 5), 16)
  const low = Number.parseInt(bytes.toString('latin1', at + 7, at + 11), 16)
  return high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
}
