/** Comments, and tokens: quoted names and strings, numbers and names, other characters one by one. */
const pieces =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|\S/g
const comment = /^(?:--|#|\/\*)/

/** Before a parenthesis that they stand before, an expression begins. */
const beforeExpression =
  /^(?:select|distinct|where|on|having|qualify|and|or|not|when|then|else|case|by|limit|in|[=<>+*/|&^~(-])$/i
const query = /^(?:select|with|from)$/i
const endsNoExpression =
  /^(?:select|distinct|and|or|not|is|like|in|between|when|then|else|case|cast|as|interval|array|struct|by|[^\w\s`"')\]?])$/i

/**
 * Today's parser reads `(1 + 2` as the beginning of a struct when no `)` follows, and says so; this
 * release's parser only says which token it did not expect. The words of today's, where that is so.
 */
export function expectedComma(words: string, sql: string, line: number, column: number): string {
  const unexpected = /^Syntax error: Unexpected (.+)$/s.exec(words)?.[1]
  if (unexpected === undefined || /^"[)=<>+*/|.-]/.test(unexpected)) return words
  return isAfterOneExpression(textBefore(sql, line, column))
    ? `Syntax error: Expected "," but got ${unexpected}`
    : words
}

/** Whether the text ends inside of a parenthesis, behind its first expression. */
function isAfterOneExpression(text: string): boolean {
  const tokens = (text.match(pieces) ?? []).filter((token) => !comment.test(token))
  const open = innermostOpen(tokens)
  if (open === undefined || tokens[open] !== '(') return false
  const inside = tokens.slice(open + 1)
  const first = inside.find((token) => token !== '(')
  const last = inside.at(-1)
  return (
    beforeExpression.test(tokens[open - 1] ?? '') &&
    first !== undefined &&
    last !== undefined &&
    !query.test(first) &&
    !endsNoExpression.test(last) &&
    !hasOwnComma(inside)
  )
}

function innermostOpen(tokens: string[]): number | undefined {
  const open: number[] = []
  for (const [index, token] of tokens.entries()) {
    if (token === '(' || token === '[') open.push(index)
    if (token === ')' || token === ']') open.pop()
  }
  return open.at(-1)
}

function hasOwnComma(tokens: string[]): boolean {
  let depth = 0
  return tokens.some((token) => {
    if (token === '(' || token === '[') depth += 1
    if (token === ')' || token === ']') depth -= 1
    return token === ',' && depth === 0
  })
}

function textBefore(sql: string, line: number, column: number): string {
  const lines = sql.split('\n').slice(0, line)
  const last = [...(lines.pop() ?? '')].slice(0, column - 1).join('')
  return [...lines, last].join('\n')
}
