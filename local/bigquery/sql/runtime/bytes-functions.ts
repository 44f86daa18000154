import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { fromBase32, toBase32 } from './base32.ts'
import { farmFingerprint } from './farm-fingerprint.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A replacement character for each byte that is part of no character. */
function lenientText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes)
  let text = ''
  for (let at = 0; at < buffer.length;) {
    const size = [1, 2, 3, 4].find((length) => isUtf8(buffer.subarray(at, at + length)))
    text += size === undefined ? '\ufffd' : buffer.toString('utf8', at, at + size)
    at += size ?? 1
  }
  return text
}

/** Groups of four, of which the last may lack all of its filling but not a part of it. */
function isWhole(text: string): boolean {
  return text.includes('=') ? text.length % 4 === 0 : text.length % 4 !== 1
}

/** Hashes, encodings and substrings of bytes; what is no text is an error or replaced, as each says. */
export const bytesFunctions: Record<string, ScalarFunction> = {
  js_sha512_hex: define(['bytes'], 'text', (bytes) =>
    createHash('sha512').update(bytes).digest('hex'),
  ),
  js_farm_fingerprint: define(['bytes'], 'int64', farmFingerprint),
  js_from_base64: define(['text'], 'bytes', (spaced) => {
    // Google's decoder takes points for padding too.
    const text = spaced.replaceAll(/[ \t\n\v\f\r]/g, '').replaceAll('.', '=')
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || !isWhole(text)) {
      throw new Error('Failed to decode invalid base64 string')
    }
    return Buffer.from(text, 'base64')
  }),
  js_bytes_to_text: define(['bytes'], 'text', lenientText),
  js_valid_text: define(['bytes'], 'text', (bytes) => {
    try {
      return strict.decode(bytes)
    } catch (error) {
      if (error instanceof TypeError) return null
      throw error
    }
  }),
  js_byte_hex: define(['int64'], 'text', (code) => {
    if (code < 0n || code > 255n) throw new Error(`Invalid ASCII value ${code}`)
    return code.toString(16).padStart(2, '0')
  }),
  js_latin_text: define(['bytes'], 'text', (bytes) => Buffer.from(bytes).toString('latin1')),
  js_bytes_of_latin: define(['text'], 'bytes', (text) => Buffer.from(text, 'latin1')),
  js_cased_bytes: define(['bytes', 'bool'], 'bytes', (bytes, isUpper) => {
    const text = Buffer.from(bytes).toString('latin1')
    const letters = isUpper ? /[a-z]+/g : /[A-Z]+/g
    const change = (part: string): string => (isUpper ? part.toUpperCase() : part.toLowerCase())
    return Buffer.from(text.replaceAll(letters, change), 'latin1')
  }),
  js_combined_bytes: define(['bytes', 'bytes', 'text'], 'bytes', (a, b, operator) => {
    if (a.length !== b.length) {
      throw new Error(
        `Bitwise binary operator for BYTES requires equal length of the inputs. Got ${a.length} bytes on the left hand side and ${b.length} bytes on the right hand side.`,
      )
    }
    return a.map((byte, index) => {
      const other = b[index] ?? 0
      if (operator === '&') return byte & other
      return operator === '|' ? byte | other : byte ^ other
    })
  }),
  js_inverted_bytes: define(['bytes'], 'bytes', (bytes) => bytes.map((byte) => ~byte)),
  js_shifted_bytes: define(['bytes', 'int64', 'bool'], 'bytes', (bytes, count, isLeft) => {
    if (count < 0n) throw new Error('Bitwise shift by negative offset.')
    const size = BigInt(bytes.length * 8)
    if (count >= size) return new Uint8Array(bytes.length)
    const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
    const shifted = isLeft ? BigInt.asUintN(Number(size), value << count) : value >> count
    return Buffer.from(shifted.toString(16).padStart(bytes.length * 2, '0'), 'hex')
  }),
  js_bits_of_bytes: define(['bytes'], 'text', (bytes) =>
    [...bytes].map((byte) => byte.toString(2)).join(''),
  ),
  js_to_base32: define(['bytes'], 'text', toBase32),
  js_from_base32: define(['text'], 'bytes', fromBase32),
  js_reverse_bytes: define(['bytes'], 'bytes', (bytes) => bytes.toReversed()),
  js_substr_bytes: define(['bytes', 'int64', 'int64'], 'bytes', (bytes, position, length) => {
    if (length < 0n) throw new Error('Third argument in SUBSTR() cannot be negative')
    const at = Number(position)
    const start = at > 0 ? at - 1 : at === 0 ? 0 : Math.max(0, bytes.length + at)
    return bytes.slice(start, start + Math.min(Number(length), bytes.length))
  }),
}
