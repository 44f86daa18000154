import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** `CAST(x AS STRING FORMAT '$9,990.00')`, for decimal numbers as text and for FLOAT64. */
export const numberFormats: Record<string, ScalarFunction> = {
  js_shaped_decimal: define(['text', 'text'], 'text', (decimal, format) => {
    const { fraction, ...rest } = numberFormat(format)
    return formatted(rounded(decimal, fraction.length, 'away'), decimal.startsWith('-'), {
      fraction,
      ...rest,
    })
  }),
  js_shaped_float: define(['float64', 'text'], 'text', (x, format) => {
    const shape = numberFormat(format)
    if (!Number.isFinite(x)) return formattedWord(Number.isNaN(x) ? 'NAN' : 'INF', x < 0, shape)
    const size = Math.abs(x)
    const places = shape.fraction.length
    // So many digits show which values lie halfway, and toFixed gives no more than 100.
    const exact = size < 1e21 ? size.toFixed(Math.min(places + 40, 100)) : String(BigInt(size))
    return formatted(rounded(exact, places, 'toEven'), x < 0, shape)
  }),
}

type NumberFormat = {
  /** Of `0`, `9` and `,`. */
  integer: string
  hasPoint: boolean
  fraction: string
  currency: '' | '$'
  sign: 'before' | 'S before' | 'S after' | 'MI' | 'PR'
  /** Without blanks, and without zeros at the end of the fraction. */
  isTrimmed: boolean
}

/** Undefined for formats with elements that are not known here. */
export function parseNumberFormat(format: string): NumberFormat | undefined {
  const [, trim, elements = ''] = /^(FM)?(.*)$/s.exec(format.toUpperCase()) ?? []
  const [currency] = elements.match(/\$/) ?? ['']
  const match = /^(S?)(?=[^S]*[09])((?:[09][09,G]*)?)([.D]?)([09]*)(S|MI|PR)?$/.exec(
    elements.replace('$', ''),
  )
  if (!match) return undefined
  const [, first, integer = '', point, fraction = '', last] = match
  if (first && last) return undefined
  const sign = first ? 'S before' : last === 'S' ? 'S after' : ((last ?? 'before') as 'MI' | 'PR')
  return {
    integer: integer.replaceAll('G', ','),
    hasPoint: point !== '',
    fraction,
    currency: currency as '' | '$',
    sign,
    isTrimmed: trim !== undefined,
  }
}

const known = new Map<string, NumberFormat>()

function numberFormat(format: string): NumberFormat {
  const shape = known.get(format) ?? parseNumberFormat(format)
  if (!shape) throw new Error(`not supported by the local engine: the number format '${format}'`)
  known.set(format, shape)
  return shape
}

/** The size of a decimal with so many places. */
function rounded(decimal: string, places: number, halves: 'away' | 'toEven'): string {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const kept = BigInt(`${whole}${fraction.slice(0, places).padEnd(places, '0')}`)
  const rest = fraction.slice(places)
  const isHalf = /^50*$/.test(rest)
  const goesUp = isHalf && halves === 'toEven' ? kept % 2n === 1n : rest >= '5'
  const text = String(kept + (goesUp ? 1n : 0n)).padStart(places + 1, '0')
  return `${text.slice(0, text.length - places)}.${text.slice(text.length - places)}`
}

function formatted(digits: string, isNegative: boolean, format: NumberFormat): string {
  const { integer, hasPoint, currency, isTrimmed } = format
  const [whole = '', places = ''] = digits.split('.')
  const significant = whole.replace(/^0+/, '')
  const isTooLong = significant.length > integer.replaceAll(',', '').length
  const ending = isTrimmed && !isTooLong ? places.replace(/0+$/, '') : places
  const number = isTooLong
    ? `${integer}${hasPoint ? '.' : ''}${format.fraction}`.replaceAll(/[09]/g, '#')
    : `${wholePart(significant, integer, ending === '')}${hasPoint ? '.' : ''}${ending}`
  return laidOut(signed(`${currency}${number}`, isNegative, format), format)
}

/** What is no number stands where the digits before the point do, if these are enough. */
function formattedWord(word: string, isNegative: boolean, format: NumberFormat): string {
  const { integer, hasPoint, fraction, currency, isTrimmed } = format
  if (integer.length < word.length) return formatted('1'.repeat(word.length), isNegative, format)
  const blanks = isTrimmed ? '' : ' '.repeat(Number(hasPoint) + fraction.length)
  return laidOut(signed(`${currency}${word}${blanks}`, isNegative, format), format)
}

function laidOut(text: string, format: NumberFormat): string {
  const { integer, hasPoint, fraction, currency, sign, isTrimmed } = format
  if (isTrimmed) return text.trim()
  const width = integer.length + Number(hasPoint) + fraction.length + currency.length
  return text.padStart(width + (sign === 'PR' ? 2 : 1))
}

/** From the first digit, or the first place that shows zeros; what stands alone shows one at least. */
function wholePart(significant: string, integer: string, isAlone: boolean): string {
  const places = integer.replaceAll(',', '').length
  const padded = significant.padStart(places, '0')
  let index = 0
  let text = ''
  for (const element of integer) {
    if (element === ',') text += text === '' ? '' : ','
    else {
      const isLast = index === places - 1
      const isShown =
        text !== '' ||
        element === '0' ||
        index >= places - significant.length ||
        (isAlone && isLast)
      text += isShown ? (padded[index] ?? '') : ''
      index += 1
    }
  }
  return text
}

function signed(number: string, isNegative: boolean, { sign }: NumberFormat): string {
  const mark = isNegative ? '-' : '+'
  const blank = isNegative ? '-' : ' '
  switch (sign) {
    case 'S before':
      return `${mark}${number}`
    case 'S after':
      return `${number}${mark}`
    case 'MI':
      return `${number}${blank}`
    case 'PR':
      return isNegative ? `<${number}>` : ` ${number} `
    default:
      return `${blank}${number}`
  }
}
