/** As long as BigQuery remembers an insertId, about. */
const memory = 60_000

export type InsertIds = {
  /** Whether the id was noted in the last minute. */
  has(table: string, id: string): boolean
  /** Notes ids; what it gives forgets them again, for a transaction that fails. */
  note(table: string, ids: string[]): () => void
}

/** The insertIds of the last minute, by which repeated rows are recognised. */
export function createInsertIds(now: () => number = Date.now): InsertIds {
  // Noted in the order of time, so that what is old stands first.
  const times = new Map<string, number>()

  function dropOld(): void {
    const oldest = now() - memory
    for (const [key, time] of times) {
      if (time > oldest) return
      times.delete(key)
    }
  }

  return {
    has(table, id) {
      dropOld()
      return times.has(keyOf(table, id))
    },
    note(table, ids) {
      const keys = ids.map((id) => keyOf(table, id))
      for (const key of keys) times.set(key, now())
      return () => {
        for (const key of keys) times.delete(key)
      }
    },
  }
}

function keyOf(table: string, id: string): string {
  return `${table}\n${id}`
}
