import type { DuckDBConnection } from '@duckdb/node-api'
import { notSupported } from '../../bigquery-error.ts'
import type { Change } from '../../catalog/catalog.ts'
import type { CatalogView } from '../../catalog/catalog-view.ts'
import { engineError } from './engine-error.ts'
import type { Snapshots } from './system-time.ts'
import type { Session } from './session.ts'

/** What one statement runs with: rows and catalog of one moment, or of its transaction. */
export type Work = {
  session: Session
  connection: DuckDBConnection
  catalog: CatalogView
  /** Absent for statements that only read. */
  change?: Change
  /** CURRENT_TIMESTAMP, in microseconds since the epoch. */
  time: bigint
  /** The times of FOR SYSTEM_TIME AS OF in the statement and the views that it reads. */
  snapshots: Snapshots
}

export type WriteWork = Work & { change: Change }

/** Gives a statement what it runs with; what it changed is durable, or gone, when this resolves. */
export async function withWork<T>(
  session: Session,
  access: 'read' | 'write',
  run: (work: Work) => Promise<T>,
): Promise<T> {
  const { catalog, clock } = session.parts
  const time = BigInt(Math.round(clock() * 1000))
  const snapshots: Snapshots = new Map()
  const attempt = async (work: Work): Promise<T> => {
    const { signal } = session.request
    signal?.throwIfAborted()
    const release = interruptOnAbort(work.connection, signal)
    try {
      return await run(work)
    } catch (error) {
      throw engineError(error)
    } finally {
      release()
    }
  }
  if (session.transaction) {
    const change = session.transaction
    const { connection, catalog: draft } = change
    const result = await attempt({ session, connection, catalog: draft, change, time, snapshots })
    change.accept()
    return result
  }
  if (access === 'read') {
    return await catalog.read((moment) => attempt({ session, ...moment, time, snapshots }))
  }
  return await catalog.write((change) => attempt({ session, ...change, change, time, snapshots }))
}

/** DuckDB forgets an interrupt that comes between two of its statements: it is repeated until the end. */
function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined) {
  let repeating: NodeJS.Timeout | undefined
  const abort = (): void => {
    connection.interrupt()
    repeating = setInterval(() => connection.interrupt(), 10)
  }
  signal?.addEventListener('abort', abort)
  return () => {
    signal?.removeEventListener('abort', abort)
    clearInterval(repeating)
  }
}

export function requireWrite(work: Work): WriteWork {
  if (work.change) return { ...work, change: work.change }
  throw notSupported('a statement that writes where only reading is possible')
}
