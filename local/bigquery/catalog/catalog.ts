import type { DuckDBConnection } from '@duckdb/node-api'
import { createCommitLog, noteCommit, startCommit } from '../database/commits.ts'
import type { Database } from '../database/database.ts'
import { adoptTables, lacksVersions } from './adopt-tables.ts'
import { createDraft, type CatalogDraft, type CatalogState } from './catalog-draft.ts'
import { readCatalog, writeChanges } from './catalog-store.ts'
import { createPartitionSweep, removeExpired } from './expiry.ts'
import { createHistorySweep } from './history-sweep.ts'
import { createView, type CatalogView } from './catalog-view.ts'

/** What exists, kept with the rows that it describes: one transaction changes both or neither. */
export type Catalog = {
  /** What is committed now. */
  readonly current: CatalogView
  /** Gives rows and catalog of one moment, whatever others commit meanwhile. */
  read<T>(work: (moment: Moment) => Promise<T>): Promise<T>
  /** One at a time; commits when `work` resolves, and leaves no trace when it throws. */
  write<T>(work: (change: Change) => Promise<T>): Promise<T>
  /** The same for a transaction whose end is not known yet; to be ended in any case. */
  begin(): Promise<OpenChange>
}

export type Moment = { connection: DuckDBConnection; catalog: CatalogView }
export type Change = {
  connection: DuckDBConnection
  catalog: CatalogDraft
  /** The number that this change will have among all commits. */
  commit: number
}
export type OpenChange = Change & { end(): Promise<void>; rollback(): Promise<void> }

export type CatalogOptions = {
  database: Database
  /** Where datasets are that do not say: `US`. */
  location?: string
  /** Milliseconds since the epoch. */
  clock?: () => number
}

export async function openCatalog({
  database,
  location = 'US',
  clock = Date.now,
}: CatalogOptions): Promise<Catalog> {
  let committed: CatalogState = await readAll(database)
  let lastVersion = 0
  let lastCommit = await openCommits(database)
  let lastTime = 0n
  const sweeps = [createPartitionSweep(), createHistorySweep()]
  const context = { location, now: clock, nextVersion: () => ++lastVersion }

  async function begin(): Promise<OpenChange> {
    const transaction = await database.begin(() => startCommit(lastCommit + 1))
    const { connection } = transaction
    const commit = lastCommit + 1
    const { draft, state, changes } = createDraft(committed, { ...context, commit })
    const change = { connection, catalog: draft, commit }
    try {
      await removeExpired(change, committed)
      for (const sweep of sweeps) await sweep(change)
    } catch (error) {
      await transaction.rollback()
      throw error
    }
    // By the clock that statements go by, and never before the last: no two moments may be confused.
    async function stamp(): Promise<void> {
      const time = BigInt(Math.round(clock() * 1000))
      lastTime = time > lastTime ? time : lastTime
      await noteCommit(connection, commit, lastTime)
    }

    return {
      ...change,
      async end() {
        try {
          await writeChanges(connection, changes())
        } catch (error) {
          await transaction.rollback()
          throw error
        }
        await transaction.commit(() => {
          committed = state()
          lastCommit = commit
        }, stamp)
      },
      rollback: () => transaction.rollback(),
    }
  }

  async function write<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const change = await begin()
    let result
    try {
      result = await work(change)
    } catch (error) {
      await change.rollback()
      throw error
    }
    await change.end()
    return result
  }

  if (lacksVersions(committed)) await write(adoptTables)
  return {
    current: createView(() => committed, context),

    async read(work) {
      let seen = committed
      const { connection, release } = await database.pin(() => (seen = committed))
      try {
        return await work({ connection, catalog: createView(() => seen, context) })
      } finally {
        await release()
      }
    },

    write,
    begin,
  }
}

async function openCommits(database: Database): Promise<number> {
  const { connection, commit, rollback } = await database.begin()
  try {
    const last = await createCommitLog(connection)
    await commit()
    return last
  } catch (error) {
    await rollback()
    throw error
  }
}

async function readAll(database: Database): Promise<CatalogState> {
  const { connection, release } = await database.pin()
  try {
    return await readCatalog(connection)
  } finally {
    await release()
  }
}
