/** Whether the last statement of a text orders its own rows: an ORDER BY outside all brackets. */
export function isOrdered(sql: string): boolean {
  const bare = withoutBrackets(sql.replaceAll(commentOrString, ' '))
  const statements = bare.split(';').filter((text) => text.trim() !== '')
  return /\border\s+by\b/i.test(statements.at(-1) ?? '')
}

const commentOrString =
  /--[^\n]*|#[^\n]*|\/\*[^]*?\*\/|"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g

function withoutBrackets(text: string): string {
  const innermost = /\([^()]*\)/g
  const shorter = text.replaceAll(innermost, ' ')
  return shorter === text ? text : withoutBrackets(shorter)
}
