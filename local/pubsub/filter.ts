import { invalidArgument } from './status-error.ts'

/** Whether a message with these attributes is delivered. */
export type Filter = (attributes: Map<string, string>) => boolean

type Tokens = { list: string[]; at: number; source: string }

const maxBytes = 256
const token = /\s*("(?:[^"\\]|\\.)*"|!=|[=:.(),-]|[\p{L}\p{N}_][\p{L}\p{N}_-]*)/uy

/** Compiles an expression of Pub/Sub's filter language; refuses what does not belong to it. */
export function parseFilter(source: string): Filter {
  if (Buffer.byteLength(source) > maxBytes) {
    throw invalidArgument(`Invalid filter given: it must not be longer than ${maxBytes} bytes.`)
  }
  const tokens = { list: tokenize(source), at: 0, source }
  const filter = parseExpression(tokens)
  if (tokens.at < tokens.list.length) throw unexpected(tokens)
  return filter
}

function tokenize(source: string): string[] {
  const list: string[] = []
  const text = source.trimEnd()
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const { lastIndex } = token
    const found = token.exec(text)?.[1]
    if (found === undefined) throw invalid(source, `unexpected '${text.slice(lastIndex).trim()}'`)
    list.push(found)
  }
  return list
}

/** AND and OR may be mixed only with parentheses. */
function parseExpression(tokens: Tokens): Filter {
  const terms = [parseTerm(tokens)]
  const operator = tokens.list[tokens.at]
  if (operator !== 'AND' && operator !== 'OR') return terms[0] ?? (() => true)

  while (tokens.list[tokens.at] === operator) {
    tokens.at++
    terms.push(parseTerm(tokens))
  }
  if (operator === 'AND') return (attributes) => terms.every((term) => term(attributes))
  return (attributes) => terms.some((term) => term(attributes))
}

function parseTerm(tokens: Tokens): Filter {
  if (take(tokens, 'NOT') || take(tokens, '-')) {
    const term = parseTerm(tokens)
    return (attributes) => !term(attributes)
  }
  if (take(tokens, '(')) {
    const inner = parseExpression(tokens)
    expect(tokens, ')')
    return inner
  }
  if (take(tokens, 'hasPrefix')) return parseHasPrefix(tokens)
  return parseComparison(tokens)
}

function parseHasPrefix(tokens: Tokens): Filter {
  expect(tokens, '(')
  expect(tokens, 'attributes')
  expect(tokens, '.')
  const key = parseKey(tokens)
  expect(tokens, ',')
  const prefix = parseString(tokens)
  expect(tokens, ')')
  return (attributes) => attributes.get(key)?.startsWith(prefix) ?? false
}

function parseComparison(tokens: Tokens): Filter {
  expect(tokens, 'attributes')
  if (take(tokens, ':')) {
    const key = parseKey(tokens)
    return (attributes) => attributes.has(key)
  }
  expect(tokens, '.')
  const key = parseKey(tokens)
  const differs = take(tokens, '!=')
  if (!differs) expect(tokens, '=')
  const value = parseString(tokens)
  return (attributes) => (attributes.get(key) === value) !== differs
}

function parseKey(tokens: Tokens): string {
  const next = tokens.list[tokens.at]
  if (next?.startsWith('"')) return parseString(tokens)
  if (next === undefined || !/^[\p{L}\p{N}_]/u.test(next)) throw unexpected(tokens)
  tokens.at++
  return next
}

function parseString(tokens: Tokens): string {
  const next = tokens.list[tokens.at]
  if (!next?.startsWith('"')) throw unexpected(tokens)
  tokens.at++
  const plain = next.slice(1, -1)
  return plain.replaceAll(escape, (_, hex?: string, octal?: string, other = '') => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex.slice(1), 16))
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    return controls[other] ?? other
  })
}

const escape = /\\(?:(u[\da-fA-F]{4}|x[\da-fA-F]{2})|([0-7]{1,3})|(.))/gs
const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function take(tokens: Tokens, wanted: string): boolean {
  if (tokens.list[tokens.at] !== wanted) return false
  tokens.at++
  return true
}

function expect(tokens: Tokens, wanted: string): void {
  if (!take(tokens, wanted)) throw unexpected(tokens, wanted)
}

function unexpected({ list, at, source }: Tokens, wanted?: string): Error {
  const found = list[at] === undefined ? 'unexpected end' : `unexpected '${list[at]}'`
  return invalid(source, wanted === undefined ? found : `${found}, expected '${wanted}'`)
}

function invalid(source: string, reason: string): Error {
  return invalidArgument(`Invalid filter given (filter=${source}): ${reason}.`)
}
