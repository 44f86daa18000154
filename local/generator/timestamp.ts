import { minute } from './event.ts'

/** RFC 3339 with milliseconds, in UTC ('Z') or as a clock shows it that many minutes from UTC. */
export function timestamp(time: number, offset = 0): string {
  const text = new Date(time + offset * minute).toISOString()
  if (offset === 0) return text

  const sign = offset < 0 ? '-' : '+'
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0')
  return `${text.slice(0, -1)}${sign}${hours}:${minutes}`
}
