export type Interval = { months: number; days: number; micros: bigint }

/** `1-2 3 4:5:6.789`: years and months, days, and the time, each with its sign. */
export function intervalText({ months, days, micros }: Interval): string {
  const size = Math.abs(months)
  const years = `${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`
  return `${years} ${days} ${micros < 0n ? '-' : ''}${clockText(micros < 0n ? -micros : micros)}`
}

function clockText(micros: bigint): string {
  const seconds = micros / 1_000_000n
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].join(':')
  const fraction = String(micros % 1_000_000n).padStart(6, '0')
  if (fraction === '000000') return clock
  return `${clock}.${fraction.endsWith('000') ? fraction.slice(0, 3) : fraction}`
}
