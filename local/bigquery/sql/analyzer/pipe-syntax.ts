/** What may hold any characters: comments, quoted names, and strings in each of their forms. */
const quoted =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g

/** Whether SQL holds `|>`, which only pipe syntax has: this release's parser knows nothing of it. */
export function hasPipe(sql: string): boolean {
  return sql.replace(quoted, ' ').includes('|>')
}
