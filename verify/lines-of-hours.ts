import type { FileName } from './file-name.ts'

export type LinesOfHour = { files: number; lines: number }

export type LinesOfHours = {
  add(name: FileName, lines: number): void
  /** What was published in an hour, UTC: `2025-02-08T13`. */
  of(hour: string, eventType: string): LinesOfHour
}

/** Counts files and their lines by publish hour and event type. */
export function countLinesOfHours(): LinesOfHours {
  const counts = new Map<string, LinesOfHour>()
  const of: LinesOfHours['of'] = (hour, eventType) =>
    counts.get(`${eventType} ${hour}`) ?? { files: 0, lines: 0 }
  return {
    add({ eventType, minute }, added) {
      const hour = minute.slice(0, '2025-02-08T13'.length)
      const { files, lines } = of(hour, eventType)
      counts.set(`${eventType} ${hour}`, { files: files + 1, lines: lines + added })
    },
    of,
  }
}
