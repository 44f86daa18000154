/** Numbers as JSON writes them that a double might not hold: sixteen characters or more. */
const longNumber = /[:[,]\s*-?[\d.eE+-]{16,}/

/** JSON.parse, but a number that a double cannot hold stays as its text, as BigQuery also takes it. */
export function parseExactly(text: string): unknown {
  return longNumber.test(text) ? JSON.parse(text, keepLongNumber) : JSON.parse(text)
}

/** Node hands the source of a scalar to a reviver; TypeScript does not know it yet. */
function keepLongNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return String(value) === context.source ? value : context.source
}

/** A part of a text, from its first character to the one after its last. */
export type Slice = { from: number; to: number }

/** Where the members of an object stand in a text that is known to be JSON; of equal keys the last. */
export function memberSlices(text: string, object: number): Map<string, Slice> {
  const members = new Map<string, Slice>()
  let at = skipBlanks(text, object + 1)
  while (text[at] !== '}') {
    const keyEnd = endOfString(text, at)
    const key = JSON.parse(text.slice(at, keyEnd)) as string
    const from = skipBlanks(text, skipBlanks(text, keyEnd) + 1)
    const to = endOfValue(text, from)
    members.set(key, { from, to })
    at = skipBlanks(text, to)
    if (text[at] === ',') at = skipBlanks(text, at + 1)
  }
  return members
}

/** Where the items of an array stand in a text that is known to be JSON. */
export function itemSlices(text: string, array: number): Slice[] {
  const items: Slice[] = []
  let at = skipBlanks(text, array + 1)
  while (text[at] !== ']') {
    const to = endOfValue(text, at)
    items.push({ from: at, to })
    at = skipBlanks(text, to)
    if (text[at] === ',') at = skipBlanks(text, at + 1)
  }
  return items
}

export function skipBlanks(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) <= 0x20) at += 1
  return at
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const next = text.charCodeAt(at)
    if (next === 0x22) return at + 1
    if (next === 0x5c) at += 1
  }
}

function endOfValue(text: string, start: number): number {
  const first = text[start]
  if (first === '"') return endOfString(text, start)
  if (first !== '{' && first !== '[') return endOfScalar(text, start)

  let depth = 0
  for (let at = start; ; at += 1) {
    const next = text.charCodeAt(at)
    if (next === 0x22) at = endOfString(text, at) - 1
    else if (next === 0x7b || next === 0x5b) depth += 1
    else if (next === 0x7d || next === 0x5d) depth -= 1
    if (depth === 0) return at + 1
  }
}

function endOfScalar(text: string, start: number): number {
  let at = start
  while (at < text.length && !/[\s,\]}]/.test(text.charAt(at))) at += 1
  return at
}
