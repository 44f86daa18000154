type Unit = 'HOUR' | 'DAY' | 'MONTH' | 'YEAR'

/** How much of `2025-02-08T13:00` tells partitions apart, and how their ids write it. */
const forms: Record<Unit, { length: number; id: RegExp }> = {
  HOUR: { length: 13, id: /^(\d{4})(\d{2})(\d{2})(\d{2})$/ },
  DAY: { length: 10, id: /^(\d{4})(\d{2})(\d{2})$/ },
  MONTH: { length: 7, id: /^(\d{4})(\d{2})$/ },
  YEAR: { length: 4, id: /^(\d{4})$/ },
}

/** The first moment of the partition that holds a time; both in microseconds since the epoch. */
export function partitionTime(unit: Unit, micros: bigint): bigint {
  const { length } = forms[unit]
  const text = new Date(Number(micros / 1000n)).toISOString()
  return BigInt(Date.parse(text.slice(0, length) + '0000-01-01T00:00Z'.slice(length))) * 1000n
}

/** The first moment of the partition with an id such as `20250208`; undefined where it is no such id. */
export function timeOfPartition(unit: Unit, id: string): bigint | undefined {
  const [, year, month = '01', day = '01', hour = '00'] = forms[unit].id.exec(id) ?? []
  const text = `${year}-${month}-${day}T${hour}:00:00.000Z`
  const time = new Date(text)
  const isReal = !Number.isNaN(time.getTime()) && time.toISOString() === text
  return isReal ? BigInt(time.getTime()) * 1000n : undefined
}
