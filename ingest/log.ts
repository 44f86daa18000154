export type Severity = 'INFO' | 'WARNING' | 'ERROR'

/** One structured line for Cloud Logging: an outcome, never an event's content. */
export type Log = (severity: Severity, message: string, fields?: Record<string, unknown>) => void

/** A log that writes one line of JSON for each call. */
export function createLog(write: (line: string) => void, now: () => number): Log {
  return (severity, message, fields = {}) => {
    const time = new Date(now()).toISOString()
    write(`${JSON.stringify({ severity, time, message, ...fields })}\n`)
  }
}

/** What an error says, in one line, for a log or a sentence. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replace(/\s+/g, ' ').slice(0, 500)
}
