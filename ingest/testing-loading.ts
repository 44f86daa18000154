import type { Loading } from './pending-files.ts'

/** Notes, ledger, files and load jobs in memory; each call of a port passes through `step`. */
export function createMemoryLoading() {
  const notes = new Set<string>()
  const files = new Map<string, string>()
  const jobs = new Map<string, { files: readonly string[]; polls: number; failure?: Failure }>()
  const loaded: string[] = []
  const ledger = { text: undefined as string | undefined, version: 0 }
  /** Why a job of these files fails, if it does. */
  const world = {
    failureOf: (_files: readonly string[], _id: string): Failure | undefined => undefined,
  }

  function run(id: string, names: readonly string[]) {
    let job = jobs.get(id)
    if (!job) {
      const failure = world.failureOf(names, id)
      job = { files: names, polls: 0, ...(failure && { failure }) }
      jobs.set(id, job)
      if (!failure) loaded.push(...names)
      return { state: 'running' as const }
    }
    if (job.polls++ === 0) return { state: 'running' as const }
    if (job.failure) return { state: 'failed' as const, ...job.failure }
    return { state: 'done' as const, rows: names.length }
  }

  function replace(text: string, version: string): string | undefined {
    if (version !== String(ledger.version)) return undefined
    Object.assign(ledger, { text, version: ledger.version + 1 })
    return String(ledger.version)
  }

  /** The ports as one instance reaches them; `step` may fail before or after the effect. */
  function portsThrough(step: <T>(effect: () => T) => Promise<T>): Loading {
    return {
      notes: {
        add: (name) => step(() => void notes.add(name)),
        list: (most) => step(() => [...notes].toSorted().slice(0, most)),
        remove: (name) => step(() => void notes.delete(name)),
      },
      ledger: {
        read: () => step(() => ({ text: ledger.text, version: String(ledger.version) })),
        replace: (text, version) => step(() => replace(text, version)),
      },
      jobs: { route: 'here there', run: (id, names) => step(() => run(id, names)) },
      readFile: (name) =>
        step(() => {
          const text = files.get(name)
          return text === undefined ? undefined : Buffer.from(text)
        }),
    }
  }

  return Object.assign(world, { notes, files, jobs, loaded, ledger, portsThrough })
}

type Failure = { reason: string; message: string; objectNames: string[] }
