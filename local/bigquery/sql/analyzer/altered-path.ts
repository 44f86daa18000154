const altered =
  /^\s*ALTER\s+(?:TABLE|VIEW|MATERIALIZED\s+VIEW)\s+(?:IF\s+EXISTS\s+)?((?:`[^`]+`|[\w-]+)(?:\s*\.\s*(?:`[^`]+`|[\w-]+))*)/i

/** The path of the table that an ALTER names: GoogleSQL does not count it among a statement's tables. */
export function alteredPath(sql: string): string[] | undefined {
  const path = altered.exec(withoutComments(sql))?.[1]
  return path?.match(/`[^`]+`|[^.\s]+/g)?.map((part) => part.replaceAll('`', ''))
}

function withoutComments(sql: string): string {
  return sql.replaceAll(/\/\*[^]*?\*\/|(?:--|#)[^\n]*/g, ' ')
}
