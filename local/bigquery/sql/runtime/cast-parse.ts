import type { CastPiece } from './cast-elements.ts'

type Fields = Partial<
  Record<
    | 'year'
    | 'yearOfCentury'
    | 'month'
    | 'day'
    | 'hour'
    | 'half'
    | 'minute'
    | 'second'
    | 'micros'
    | 'zone',
    number
  >
> & { zoneSign?: number }

/** Digits that an element takes, and what they mean; MERIDIAN and zones are read apart. */
const numbers: Record<string, [most: number, low: number, high: number, field: keyof Fields]> = {
  YYYY: [4, 1, 9999, 'year'],
  YY: [2, 0, 99, 'yearOfCentury'],
  MM: [2, 1, 12, 'month'],
  DD: [2, 1, 31, 'day'],
  HH24: [2, 0, 23, 'hour'],
  HH12: [2, 1, 12, 'half'],
  HH: [2, 1, 12, 'half'],
  MI: [2, 0, 59, 'minute'],
  SS: [2, 0, 59, 'second'],
}

function isRead(element: string): boolean {
  return element in numbers || /^(?:A\.M\.|P\.M\.|TZH|TZM|FF[1-9])$/.test(element)
}

/** The first element that is written only, not surely read as BigQuery reads it. */
export function unreadCastElement(pieces: CastPiece[]): string | undefined {
  const elements = pieces.flatMap((piece) => ('text' in piece ? [] : [piece.element]))
  const unread = elements.find((element) => !isRead(element))
  const years = elements.filter((element) => element.startsWith('Y'))
  if (years.length > 1) return years[1]
  const repeated = elements.find((element, index) => elements.indexOf(element) !== index)
  const hasHalf = elements.some((element) => element === 'HH' || element === 'HH12')
  const hasMeridian = elements.some((element) => element.endsWith('.M.'))
  if (hasHalf !== hasMeridian || (hasHalf && elements.includes('HH24'))) return unread ?? 'HH'
  return unread ?? repeated
}

/**
 * Microseconds of the clock that a text shows by the format of a CAST, of UTC where it shows its
 * zone. A year or month that it does not name is that of `now`.
 */
export function castParse(text: string, pieces: CastPiece[], now: bigint): bigint {
  const fields: Fields = {}
  let at = text.length - text.trimStart().length
  const end = text.trimEnd()
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1]
    const isBeforeDigits = next !== undefined && !('text' in next)
    const taken = take(end.slice(at), piece, { fields, isBeforeDigits })
    if (taken === undefined) {
      const shown = 'text' in piece ? piece.text : piece.element
      throw new Error(
        `Failed to parse input timestamp string at ${at} with format element '${shown}'`,
      )
    }
    at += taken
  }
  if (at < end.length) {
    throw new Error(`Illegal non-space trailing data '${end.slice(at)}' in timestamp string`)
  }
  return microsOf(fields, now)
}

type Reading = { fields: Fields; isBeforeDigits: boolean }

function take(rest: string, piece: CastPiece, reading: Reading): number | undefined {
  if ('text' in piece) {
    if (piece.text === ' ') return /^\s+/.exec(rest)?.[0].length
    return rest.startsWith(piece.text) ? piece.text.length : undefined
  }
  const { fields } = reading
  const { element } = piece
  if (element.endsWith('.M.')) {
    const half = /^[AP]\.M\./i.exec(rest)?.[0]
    if (half === undefined) return undefined
    fields.hour = half[0]?.toUpperCase() === 'P' ? 12 : 0
    return half.length
  }
  if (element.startsWith('FF')) {
    const digits = new RegExp(`^\\d{1,${element.slice(2)}}`).exec(rest)?.[0]
    if (digits === undefined) return undefined
    fields.micros = Number(digits.padEnd(6, '0').slice(0, 6))
    return digits.length
  }
  if (element === 'TZH') {
    const [all, sign, hours] = /^([-+ ])(\d{1,2})/.exec(rest) ?? []
    if (all === undefined || Number(hours) > 14) return undefined
    fields.zoneSign = sign === '-' ? -1 : 1
    fields.zone = (fields.zone ?? 0) + Number(hours) * 60
    return all.length
  }
  if (element === 'TZM') {
    const digits = /^\d{1,2}/.exec(rest)?.[0]
    if (digits === undefined || Number(digits) > 59) return undefined
    fields.zone = (fields.zone ?? 0) + Number(digits)
    return digits.length
  }
  return takeNumber(rest, element, reading)
}

function takeNumber(
  rest: string,
  element: string,
  { fields, isBeforeDigits }: Reading,
): number | undefined {
  const [most = 0, low, high, field] = numbers[element] ?? []
  // Before what is no digit a year may have a fifth one, of zero.
  const count = element === 'YYYY' && !isBeforeDigits ? most + 1 : most
  const digits = new RegExp(`^\\d{1,${count}}`).exec(rest)?.[0]
  if (digits === undefined || field === undefined) return undefined
  const value = Number(digits)
  if (value < Number(low) || value > Number(high)) return undefined
  if (field !== 'zoneSign') fields[field] = value
  return digits.length
}

function microsOf(fields: Fields, now: bigint): bigint {
  const today = new Date(Number(now / 1000n))
  const thisYear = today.getUTCFullYear()
  const { yearOfCentury = thisYear % 100 } = fields
  const {
    year = thisYear - (thisYear % 100) + yearOfCentury,
    month = today.getUTCMonth() + 1,
    day = 1,
  } = fields
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) {
    throw new Error(`Invalid result from year, month, day values: ${year}-${month}-${day}`)
  }
  const { hour = 0, half, minute = 0, second = 0, micros = 0, zone = 0, zoneSign = 1 } = fields
  const hours = half === undefined ? hour : (half % 12) + hour
  date.setUTCHours(hours, minute - zoneSign * zone, second)
  return BigInt(date.getTime()) * 1000n + BigInt(micros)
}
