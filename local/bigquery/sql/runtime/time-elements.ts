/** What is formatted or parsed. */
export type TimeKind = 'DATE' | 'DATETIME' | 'TIME' | 'TIMESTAMP'

/** Letters of elements that say nothing about a value of the kind. */
const foreignLetters: Record<string, string> = {
  DATE: 'cHIklMPpRrSsTXZz',
  DATETIME: 'Zz',
  TIME: 'AaBbCcDdeFGghJjmQsUuVWwxYyZz',
}

const elements = /%(E\*S|E\d[SY]|[EO]?.)/gs

/** FORMAT_DATE and its kin write elements that say nothing about their kind as they are. */
export function fittedFormat(format: string, kind: string): string {
  return format.replaceAll(elements, (whole, element: string) => {
    if (isForeign(element, kind)) return `%${whole}`
    if (element === 'J') throw new Error('Format element %J not supported yet')
    if (/^:$|^[EO][A-Za-z%]$/.test(element) && element !== 'Ez')
      throw new Error(`not supported by the local engine: the format element ${whole}`)
    return whole
  })
}

/** PARSE_DATE and its kin refuse them. */
export function refuseForeignElements(format: string, kind: string): void {
  for (const [whole, element = ''] of format.matchAll(elements)) {
    if (isForeign(element, kind))
      throw new Error(`Invalid format: ${whole} is not allowed for the ${kind} type.`)
  }
}

function isForeign(element: string, kind: string): boolean {
  const letter = element.at(-1) ?? ''
  return element !== '%' && (foreignLetters[kind] ?? '').includes(letter)
}
