/** A part of an SQLX file: a named block with its braces' content, or the SQL between blocks. */
export type Block = { head: string; body: string }

const blockHead = /^[ \t]*(config|js|pre_operations|post_operations|input\b[^{\n]*?)\s*\{/m

/**
 * Splits SQLX into its blocks in the order of the file; SQL has an empty head. Braces inside
 * strings, template literals and comments of a block do not count.
 */
export function sqlxBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let rest = text
  for (let match = blockHead.exec(rest); match; match = blockHead.exec(rest)) {
    const sql = rest.slice(0, match.index)
    if (sql.trim()) blocks.push({ head: '', body: sql })
    const start = match.index + match[0].length
    const end = closingBrace(rest, start)
    blocks.push({ head: String(match[1]).trim(), body: rest.slice(start, end) })
    rest = rest.slice(end + 1)
  }
  if (rest.trim()) blocks.push({ head: '', body: rest })
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
  throw new Error(
    `a block or \${…} is not closed: no } for "${text.slice(from, from + 40).trim()}"`,
  )
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === text[open]) return at
  }
  throw new Error(`a string is not closed: ${text.slice(open, open + 40).trim()}`)
}

function endOfTemplate(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith('${', at)) at = closingBrace(text, at + 2)
    else if (text[at] === '`') return at
  }
  throw new Error(`a template literal is not closed: ${text.slice(open, open + 40).trim()}`)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
