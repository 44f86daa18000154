/** A part of an SQLX file: a named block with its braces' content, or the SQL between blocks. */
export type Block = {
  head: string
  body: string
  /** How many lines of the file stand before the body. */
  line: number
}

const blockHead = /^[ \t]*(config|js|pre_operations|post_operations|input\b[^{\n]*?)\s*\{/gm

/**
 * Splits SQLX into its blocks in the order of the file; SQL has an empty head. Braces inside
 * strings, template literals and comments of a block do not count.
 */
export function sqlxBlocks(text: string): Block[] {
  const blocks: Block[] = []
  const add = (head: string, start: number, end: number) => {
    const body = text.slice(start, end)
    if (head !== '' || body.trim()) blocks.push({ head, body, line: lineOf(text, start) })
  }
  let from = 0
  blockHead.lastIndex = 0
  for (let match = blockHead.exec(text); match; match = blockHead.exec(text)) {
    add('', from, match.index)
    const end = closingBrace(text, blockHead.lastIndex)
    add(String(match[1]).trim(), blockHead.lastIndex, end)
    from = end + 1
    blockHead.lastIndex = from
  }
  add('', from, text.length)
  return blocks
}

/** The places of `${…}` in SQL, nested braces and template literals included. */
export function interpolations(sql: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let start = sql.indexOf('${'); start >= 0; start = sql.indexOf('${', start)) {
    const end = closingBrace(sql, start + 2) + 1
    found.push({ start, end })
    start = end
  }
  return found
}

function closingBrace(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at
    else if (char === "'" || char === '"') at = endOfString(text, at)
    else if (char === '`') at = endOfTemplate(text, at)
    else if (text.startsWith('//', at) || text.startsWith('-- ', at)) at = endOfLine(text, at)
  }
  throw notClosed('a block or ${…}', text, from - 1)
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === text[open]) return at
  }
  throw notClosed('a string', text, open)
}

function endOfTemplate(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith('${', at)) at = closingBrace(text, at + 2)
    else if (text[at] === '`') return at
  }
  throw notClosed('a template literal', text, open)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Prettier shows the place of an error that has one, and the stack of any other. */
function notClosed(what: string, text: string, open: number): SyntaxError {
  const column = open - text.lastIndexOf('\n', open - 1)
  const start = { line: lineOf(text, open) + 1, column }
  return Object.assign(new SyntaxError(`${what} is not closed`), { loc: { start } })
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length - 1
}
