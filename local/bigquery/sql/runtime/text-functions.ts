import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** Texts by characters, cases and forms of Unicode, and the error that any rule may raise. */
export const textFunctions: Record<string, ScalarFunction> = {
  js_error: define(['text'], 'text', (message) => {
    throw new Error(message)
  }),
  js_upper: define(['text'], 'text', (text) => text.toUpperCase()),
  js_lower: define(['text'], 'text', (text) => text.toLowerCase()),
  js_reverse: define(['text'], 'text', (text) => [...text].toReversed().join('')),
  js_initcap: define(['text', 'text'], 'text', initcap),
  js_translate: define(['text', 'text', 'text'], 'text', translate),
  js_instr: define(
    ['text', 'text', 'int64', 'int64'],
    'int64',
    (text, part, position, occurrence) =>
      BigInt(instr([...text], [...part], Number(position), Number(occurrence))),
  ),
  js_ascii: define(['text'], 'int64', (text) => {
    const code = text.codePointAt(0) ?? 0
    if (code > 127) throw new Error('Input must be an ASCII character in ASCII()')
    return BigInt(code)
  }),
  js_chr: define(['int64'], 'text', (code) => {
    if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) {
      throw new Error(`Invalid codepoint ${code}`)
    }
    return String.fromCodePoint(Number(code))
  }),
  js_soundex: define(['text'], 'text', soundex),
  js_normalize: define(['text', 'text', 'bool'], 'text', (text, form, isFolded) => {
    const folded = isFolded ? text.normalize(form).toUpperCase().toLowerCase() : text
    return folded.normalize(form)
  }),
  js_edit_distance: define(['text', 'text'], 'int64', (a, b) =>
    BigInt(editDistance([...a], [...b])),
  ),
  js_json_contains_substr: define(['text', 'text'], 'bool', (json, part) => {
    const [wanted, scalars] = [searchable(part), json.matchAll(jsonScalar)]
    return [...scalars].some(([, isKey, token = '']) => {
      if (isKey !== undefined) return false
      const text = token.startsWith('"') ? (JSON.parse(token) as string) : token
      return searchable(text).includes(wanted)
    })
  }),
  js_contains_substr: define(['text', 'text'], 'bool', (text, part) =>
    searchable(text).includes(searchable(part)),
  ),
}

/** A key of canonical JSON, or a scalar in it. */
const jsonScalar = /("(?:[^"\\]|\\.)*":)|("(?:[^"\\]|\\.)*"|[^\s"{}[\]:,]+)/g

function initcap(text: string, delimiters: string): string {
  const isDefault = delimiters.startsWith(' \t')
  let isStart = true
  let result = ''
  for (const character of text) {
    const isDelimiter = delimiters.includes(character) || (isDefault && /\s/.test(character))
    if (isDelimiter) result += character
    else result += oneCharacter(character, isStart)
    isStart = isDelimiter
  }
  return result
}

/** A letter that becomes several keeps its form. */
function oneCharacter(character: string, isUpper: boolean): string {
  const [first = character, ...more] = isUpper ? character.toUpperCase() : character.toLowerCase()
  return isUpper && more.length > 0 ? character : first
}

function translate(text: string, from: string, to: string): string {
  const targets = [...to]
  const map = new Map<string, string>()
  for (const [index, character] of [...from].entries()) {
    if (map.has(character)) {
      throw new Error(`Duplicate character "${character}" in TRANSLATE source characters`)
    }
    map.set(character, targets[index] ?? '')
  }
  return [...text].map((character) => map.get(character) ?? character).join('')
}

/** Where the part occurs for the nth time, counted in characters from 1; 0: nowhere. */
function instr(text: string[], part: string[], position: number, occurrence: number): number {
  if (position === 0) throw new Error('Position must be non-zero.')
  if (occurrence <= 0) throw new Error('Occurrence must be positive.')
  const last = text.length - part.length
  const step = position > 0 ? 1 : -1
  let found = 0
  const start = position > 0 ? position - 1 : Math.min(text.length + position, last)
  for (let at = start; at >= 0 && at <= last; at += step) {
    if (part.every((character, i) => text[at + i] === character)) found += 1
    if (found === occurrence) return at + 1
  }
  return 0
}

const soundexDigits = '01230120022455012623010202'

function soundex(text: string): string {
  const letters = text.replaceAll(/[^A-Za-z]/g, '')
  const first = letters[0]
  if (first === undefined) return ''
  let result = first
  let before = digitOf(first.toUpperCase())
  for (const letter of letters.slice(1).toUpperCase()) {
    const digit = digitOf(letter)
    if (digit !== '0' && digit !== before) result += digit
    if (digit !== '0') before = digit
  }
  return result.slice(0, 4).padEnd(4, '0')
}

function digitOf(letter: string): string {
  return soundexDigits[letter.charCodeAt(0) - 65] ?? '0'
}

function editDistance(a: string[], b: string[]): number {
  let row = b.map((_, index) => index + 1)
  row.unshift(0)
  for (const [i, left] of a.entries()) {
    const next = [i + 1]
    for (const [j, right] of b.entries()) {
      const change = (row[j] ?? 0) + (left === right ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function searchable(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
