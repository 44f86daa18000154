/** The text of a JSON value, kept where parsing it would lose digits or the order of keys. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * A JSON object of one line with its values parsed, but for those of the named keys, which stay text.
 * Integers beyond 2^53 become bigints. Throws a SyntaxError for what is no object.
 */
export function parseJsonLine(
  line: string,
  keepAsText: ReadonlySet<string>,
): Record<string, unknown> {
  if (keepAsText.size === 0) return asObject(parseExactly(line))
  // Parsed once whole: the splitting below trusts that the text is JSON.
  const parsed = asObject(parseExactly(line))
  if (!Object.keys(parsed).some((key) => keepAsText.has(key.toLowerCase()))) return parsed
  for (const { key, start, end } of members(line)) {
    if (!keepAsText.has(key.toLowerCase()) || parsed[key] === null) continue
    parsed[key] = new JsonText(line.slice(start, end))
  }
  return parsed
}

function parseExactly(text: string): unknown {
  // The reviver is slow, and few texts hold an integer that a double cannot.
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    return context?.source !== undefined && /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value
  })
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new SyntaxError('not a JSON object')
}

/** The members of the outermost object of a valid JSON text, with where their values stand. */
function* members(text: string): Generator<{ key: string; start: number; end: number }> {
  let position = text.indexOf('{') + 1
  for (;;) {
    const opening = text.indexOf('"', position)
    if (opening === -1) return
    const closing = endOfString(text, opening)
    const key = JSON.parse(text.slice(opening, closing)) as string
    const start = text.indexOf(':', closing) + 1
    const end = endOfValue(text, start)
    yield { key, start, end }
    position = end
  }
}

/** Where the comma or brace stands that ends the value. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let position = start; position < text.length; position++) {
    const character = text[position]
    if (character === '"') position = endOfString(text, position) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === ',' || character === '}') && depth === 0) return position
    else if (character === '}' || character === ']') depth--
  }
  return text.length
}

function endOfString(text: string, opening: number): number {
  let position = opening + 1
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position + 1
}
