import { totalOf, type Summary } from './summary.ts'

export type Progress = { show(summary: Summary, name: string): void; clear(): void }

const onTerminalMs = 200
const elsewhereMs = 10_000

/** One line that changes on a terminal; elsewhere a line now and then. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  let shownAt = performance.now()
  let isShown = false

  return {
    show(summary, name) {
      const now = performance.now()
      if (now - shownAt < (stream.isTTY ? onTerminalMs : elsewhereMs)) return
      shownAt = now
      const { files, lines, problems } = totalOf(summary)
      const counts = [`${files} files`, `${lines} lines`, `${problems} problems`].join(', ')
      const text = `${counts}, at ${name}`
      stream.write(
        stream.isTTY ? `\r\x1b[K${text.slice(0, (stream.columns || 100) - 1)}` : `${text}\n`,
      )
      isShown = true
    },
    clear() {
      if (isShown && stream.isTTY) stream.write('\r\x1b[K')
      isShown = false
    },
  }
}
