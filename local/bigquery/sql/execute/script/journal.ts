import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { OpenChange } from '../../../catalog/catalog.ts'

/** A transaction that outlives the failure of one of its statements. */
export type Journal = OpenChange & {
  /** To be called when a statement has ended well. */
  accept(): void
  /** Undoes a statement that failed halfway, and only that. */
  recover(): Promise<void>
}

type Entry = Parameters<DuckDBConnection['run']>

/**
 * DuckDB gives a transaction up at its first error, BigQuery does not: what ran is written down, and
 * run again in a new transaction. Nobody else can write in between.
 */
export function openJournal(change: OpenChange): Journal {
  const accepted: Entry[] = []
  let pending: Entry[] = []
  let restore = change.catalog.mark()
  const { connection } = change
  const recording: DuckDBConnection = Object.create(connection, {
    run: {
      async value(
        sql: string,
        values?: DuckDBValue[] | Record<string, DuckDBValue>,
        types?: DuckDBType[] | Record<string, DuckDBType | undefined>,
      ) {
        const result = await connection.run(sql, values, types)
        if (!/^\s*\(*SELECT\b/i.test(sql)) pending.push([sql, values, types])
        return result
      },
    },
  }) as DuckDBConnection

  return {
    ...change,
    connection: recording,
    accept() {
      accepted.push(...pending)
      pending = []
      restore = change.catalog.mark()
    },
    async recover() {
      pending = []
      restore()
      await connection.run('ROLLBACK; BEGIN TRANSACTION')
      for (const [sql, values, types] of accepted) await connection.run(sql, values, types)
    },
  }
}
