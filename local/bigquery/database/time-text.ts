const microsPerDay = 86_400_000_000n

/** `2025-02-08`; days since 1970-01-01. */
export function dateText(days: number): string {
  const { year, month, day } = civil(days)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** `13:09:05`, with six decimals where there are any; microseconds since midnight. */
export function timeText(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n)
  const fraction = micros % 1_000_000n
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => pad(part, 2))
    .join(':')
  return fraction === 0n ? clock : `${clock}.${String(fraction).padStart(6, '0')}`
}

/** `2025-02-08T13:09:05`; microseconds since 1970-01-01T00:00:00. */
export function dateTimeText(micros: bigint): string {
  const rest = ((micros % microsPerDay) + microsPerDay) % microsPerDay
  const days = Number((micros - rest) / microsPerDay)
  return `${dateText(days)}T${timeText(rest)}`
}

/** Date's own range holds all of BigQuery's years, 1 to 9999. */
function civil(days: number): { year: number; month: number; day: number } {
  const date = new Date(days * 86_400_000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  }
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
