/** How far a long command is: a line that changes on a terminal; elsewhere a line now and then. */
export type StatusLine = {
  /** Asks for the text only if it is time to show one. */
  show(tell: () => string): void
  clear(): void
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>

const onTerminalMs = 200

/** A line on a stream that is no terminal comes no sooner than `elsewhereMs` after the last. */
export function createStatusLine(
  stream: Stream,
  elsewhereMs: number,
  now: () => number = () => performance.now(),
): StatusLine {
  const { isTTY } = stream
  let shownAt = now()
  let isShown = false

  return {
    show(tell) {
      if (now() - shownAt < (isTTY ? onTerminalMs : elsewhereMs)) return
      shownAt = now()
      isShown = true
      const text = tell()
      stream.write(isTTY ? `\r\x1b[K${text.slice(0, (stream.columns || 100) - 1)}` : `${text}\n`)
    },
    clear() {
      if (isShown && isTTY) stream.write('\r\x1b[K')
      isShown = false
    },
  }
}
