import type { DuckDBConnection } from '@duckdb/node-api'
import type { Database } from '../database/database.ts'
import { createDraft, type CatalogDraft, type CatalogState } from './catalog-draft.ts'
import { readCatalog, writeChanges } from './catalog-store.ts'
import { createPartitionSweep, removeExpired } from './expiry.ts'
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
export type Change = { connection: DuckDBConnection; catalog: CatalogDraft }
export type OpenChange = Change & { commit(): Promise<void>; rollback(): Promise<void> }

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
  const sweepPartitions = createPartitionSweep()
  const context = { location, now: clock, nextVersion: () => ++lastVersion }

  async function begin(): Promise<OpenChange> {
    const transaction = await database.begin()
    const { connection } = transaction
    const { draft, state, changes } = createDraft(committed, context)
    try {
      await removeExpired({ connection, catalog: draft }, committed)
      await sweepPartitions({ connection, catalog: draft })
    } catch (error) {
      await transaction.rollback()
      throw error
    }
    return {
      connection,
      catalog: draft,
      async commit() {
        try {
          await writeChanges(connection, changes())
        } catch (error) {
          await transaction.rollback()
          throw error
        }
        await transaction.commit(() => (committed = state()))
      },
      rollback: () => transaction.rollback(),
    }
  }

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

    async write(work) {
      const change = await begin()
      let result
      try {
        result = await work(change)
      } catch (error) {
        await change.rollback()
        throw error
      }
      await change.commit()
      return result
    },

    begin,
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
