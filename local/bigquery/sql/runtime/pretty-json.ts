const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g

/** JSON text without spaces in lines of two spaces a level, as TO_JSON_STRING writes it when asked to. */
export function prettyJson(json: string): string {
  let depth = 0
  let before = ''
  let text = ''
  const line = (): string => `\n${'  '.repeat(depth)}`
  for (const [part] of json.matchAll(token)) {
    const closes = part === '}' || part === ']'
    const opened = before === '{' || before === '['
    if (closes) depth -= 1
    if (closes ? !opened : opened || before === ',') text += line()
    text += part === ':' ? ': ' : part
    if (part === '{' || part === '[') depth += 1
    before = part
  }
  return text
}
