/** The middle of some numbers, and how far they lie apart. */
export type Summary = { median: number; least: number; most: number }

export function summarize(numbers: number[]): Summary {
  const sorted = numbers.toSorted((one, other) => one - other)
  const [least] = sorted
  const most = sorted.at(-1)
  if (least === undefined || most === undefined) throw new Error('there is nothing to summarize')
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? least
  return { median: (lower + upper) / 2, least, most }
}

/** `12.3 (11.9 to 13.0)`. */
export function showSummary({ median, least, most }: Summary, digits: number): string {
  return `${grouped(median, digits)} (${grouped(least, digits)} to ${grouped(most, digits)})`
}

export function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** Rows of texts in columns, the first to the left and all others to the right. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column === 0 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
