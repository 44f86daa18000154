import type { LineWithoutRow } from './check-file.ts'
import { differingColumns } from './content.ts'
import type { FileName } from './file-name.ts'
import type { StoredFile } from './list-objects.ts'
import type { Counts } from './summary.ts'
import type { Verification } from './verify.ts'

type Case = {
  stored: StoredFile
  parsed: FileName
  counts: Counts
  report: (sentence: string) => void
}

/** Looks for the rows of lines under other names, and asks the age of the file what is not to be found. */
export async function explainLines(
  lines: Map<string, LineWithoutRow>,
  { stored, parsed, counts, report }: Case,
  { rows, settledBefore, keptSince }: Pick<Verification, 'rows' | 'settledBefore' | 'keptSince'>,
): Promise<void> {
  const { name, createdAt } = stored
  const found = Map.groupBy(
    await rows.ofMessages(parsed.eventType, [...lines.keys()]),
    ({ id }) => id,
  )
  for (const [id, { number, content }] of lines) {
    const place = `${name}, line ${number}`
    const others = (found.get(id) ?? []).map((row) => ({
      ...row,
      columns: differingColumns(content, row.content),
    }))
    const [first] = others
    // A rejected event may have been landed again since, with less errors: one row has to agree.
    const same = others.find(({ columns }) => columns.length === 0)
    if (same) counts.landedElsewhere += same.objectName === name ? 0 : 1
    else if (first) {
      const columns = first.columns.join(', ')
      report(
        `${place}: the row of message ${id}, which names ${first.objectName}, has another ${columns}`,
      )
    } else if (createdAt >= settledBefore) counts.unsettled++
    else if (createdAt < keptSince) counts.expired++
    else {
      report(
        `${place}: message ${id} has no row in raw_events, and no note says that the file is to be loaded`,
      )
    }
  }
}
