/** The value at a path (`$."a"[0]`) of JSON text, as it is written there; null where there is none. */
export function rawJsonAt(text: string, path: string): string | null {
  let current: string | undefined = text.trim()
  for (const [, key, index] of path.matchAll(/\."((?:[^"\\]|\\.)*)"|\[(\d+)\]/g)) {
    if (current === undefined) return null
    current =
      key === undefined ? itemAt(current, Number(index)) : memberOf(current, JSON.parse(`"${key}"`))
  }
  return current ?? null
}

function memberOf(text: string, key: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  for (const piece of pieces(text)) {
    const [name = ''] = /^"(?:[^"\\]|\\.)*"/.exec(piece) ?? []
    if (name !== '' && JSON.parse(name) === key) {
      return piece.slice(name.length).replace(/^\s*:\s*/, '')
    }
  }
  return undefined
}

function itemAt(text: string, index: number): string | undefined {
  return text.startsWith('[') ? pieces(text)[index] : undefined
}

/** The members or items of an object or array, without the commas between them. */
function pieces(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 1
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],]/g
  for (const match of text.matchAll(token)) {
    const [symbol] = match
    if (symbol === '{' || symbol === '[') depth += 1
    const isEnd = depth === 1 && (symbol === '}' || symbol === ']')
    if ((depth === 1 && symbol === ',') || isEnd) {
      const piece = text.slice(start, match.index).trim()
      if (piece !== '') found.push(piece)
      start = match.index + 1
    }
    if (symbol === '}' || symbol === ']') depth -= 1
  }
  return found
}
