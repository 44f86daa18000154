/** Rows of texts in columns, the first to the left and all others to the right. */
export function alignedTable(rows: string[][]): string {
  const [titles = []] = rows
  const widths = titles.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const pad = (cell: string, at: number) =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)
  return rows.map((row) => row.map(pad).join('  ')).join('\n')
}
