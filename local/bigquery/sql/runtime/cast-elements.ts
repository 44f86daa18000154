const months =
  'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** A piece of the format of a CAST: an element, in capitals and as it was written, or plain text. */
export type CastPiece = { element: string; written: string } | { text: string }

const pieceForm =
  /"((?:[^"\\]|\\.)*)"|(Y,YYY|YYYY|YYY|YY|Y|RRRR|RR|MONTH|MON|MM|MI|DDD|DD|DAY|DY|D|HH24|HH12|HH|SSSSS|SS|FF[1-9]|A\.M\.|P\.M\.|AM|PM|TZH|TZM)|([-./,';: ])/iy

/** What DATE and TIME have none of. */
const clockElements = /^(?:HH|MI|SS|FF|A\.?M|P\.?M)/
const calendarElements = /^(?:Y|RR|MO|MM|D)/

/** The pieces of a format, or an error that says which of them is none for this kind of time. */
export function castPieces(format: string, kind: string): CastPiece[] {
  const pieces: CastPiece[] = []
  while (pieceForm.lastIndex < format.length) {
    const at = pieceForm.lastIndex
    const match = pieceForm.exec(format)
    if (!match) {
      pieceForm.lastIndex = 0
      throw new Error(`Cannot find matched format element at ${at}`)
    }
    const [, quoted, written, separator] = match
    if (written === undefined) {
      pieces.push({ text: separator ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1') })
      continue
    }
    const element = written.toUpperCase()
    if (element === 'Y,YYY') {
      pieceForm.lastIndex = 0
      throw new Error(`Unsupported format element 'Y,YYY'`)
    }
    if (!isElementOf(element, kind)) {
      pieceForm.lastIndex = 0
      throw new Error(`${kind} does not support '${element}'`)
    }
    pieces.push({ element, written })
  }
  pieceForm.lastIndex = 0
  return pieces
}

function isElementOf(element: string, kind: string): boolean {
  if (kind === 'DATE' && clockElements.test(element)) return false
  if (kind === 'TIME' && calendarElements.test(element)) return false
  return kind === 'TIMESTAMP' || !element.startsWith('TZ')
}

/** A time of a clock, in microseconds, by the format of a CAST; `offset` is that of its zone. */
export function castTimeText(micros: bigint, offset: bigint, pieces: CastPiece[]): string {
  const milliseconds = Number((micros - modulo(micros, 1000n)) / 1000n)
  const time = { date: new Date(milliseconds), fraction: modulo(micros, 1_000_000n), offset }
  return pieces.map((piece) => ('text' in piece ? piece.text : elementText(piece, time))).join('')
}

type Time = { date: Date; fraction: bigint; offset: bigint }

function elementText(
  { element, written }: { element: string; written: string },
  { date, fraction, offset }: Time,
): string {
  const year = padded(date.getUTCFullYear(), 4)
  const hour = date.getUTCHours()
  const minutes = Number((offset < 0n ? -offset : offset) / 60_000_000n)
  switch (element) {
    case 'YYYY':
    case 'RRRR':
      return year
    case 'YYY':
    case 'YY':
    case 'Y':
    case 'RR':
      return year.slice(-element.length)
    case 'MM':
      return padded(date.getUTCMonth() + 1, 2)
    case 'MONTH':
      return cased(months[date.getUTCMonth()] ?? '', written)
    case 'MON':
      return cased(months[date.getUTCMonth()]?.slice(0, 3) ?? '', written)
    case 'DAY':
      return cased(days[date.getUTCDay()] ?? '', written)
    case 'DY':
      return cased(days[date.getUTCDay()]?.slice(0, 3) ?? '', written)
    case 'D':
      return String(date.getUTCDay() + 1)
    case 'DD':
      return padded(date.getUTCDate(), 2)
    case 'DDD':
      return padded(dayOfYear(date), 3)
    case 'HH24':
      return padded(hour, 2)
    case 'HH':
    case 'HH12':
      return padded(hour % 12 || 12, 2)
    case 'MI':
      return padded(date.getUTCMinutes(), 2)
    case 'SS':
      return padded(date.getUTCSeconds(), 2)
    case 'SSSSS':
      return padded(hour * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds(), 5)
    case 'TZH':
      return `${offset < 0n ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}`
    case 'TZM':
      return padded(minutes % 60, 2)
    default:
      if (element.startsWith('FF')) return fractionText(fraction, Number(element.slice(2)))
      return meridian(hour, element, written)
  }
}

function meridian(hour: number, element: string, written: string): string {
  const letter = hour < 12 ? 'A' : 'P'
  return cased(element.includes('.') ? `${letter}.M.` : `${letter}M`, written[0] ?? '')
}

/** `MONTH`, `Month` and `month` say how the name is to be written. */
function cased(name: string, written: string): string {
  const [first = '', second = first] = written
  if (first === first.toLowerCase()) return name.toLowerCase()
  return second === second.toLowerCase() ? name : name.toUpperCase()
}

function fractionText(fraction: bigint, digits: number): string {
  return String(fraction).padStart(6, '0').padEnd(9, '0').slice(0, digits)
}

function dayOfYear(date: Date): number {
  const first = new Date(date)
  first.setUTCMonth(0, 1)
  return Math.floor((date.getTime() - first.getTime()) / 86_400_000) + 1
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor
}
