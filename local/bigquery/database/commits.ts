import type { DuckDBConnection } from '@duckdb/node-api'
import { runForValues } from './result-rows.ts'

/**
 * The hidden column of every stored table: the commit that wrote the row as it is. Rows that are only
 * ever added pay for time travel with this one number, which is the same for all rows of a commit.
 */
export const commitColumn = '_TABLE_COMMIT'

/** In the tables that hold the rows that are gone: the commit that changed or removed the row. */
export const endColumn = '_TABLE_ENDED'

/** The column comes first, so that columns that are added later leave the order of the others. */
export const commitDefinition = `"${commitColumn}" BIGINT NOT NULL DEFAULT CAST(getvariable('commit') AS BIGINT)`

/** The commits of the file, each with its time in microseconds since the epoch. */
export async function createCommitLog(connection: DuckDBConnection): Promise<number> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS _catalog.commits (number BIGINT NOT NULL, time BIGINT NOT NULL)',
  )
  return await commitAt(connection, 2n ** 62n)
}

/** Rows that are written from now on belong to this commit. */
export function startCommit(commit: number): string {
  return `SET VARIABLE commit = ${commit}`
}

export async function noteCommit(
  connection: DuckDBConnection,
  commit: number,
  time: bigint,
): Promise<void> {
  await connection.run(`INSERT INTO _catalog.commits VALUES (${commit}, ${time})`)
}

/** The last commit at or before this time; 0 where none is known. */
export async function commitAt(connection: DuckDBConnection, time: bigint): Promise<number> {
  const sql = `SELECT coalesce(max(number), 0) FROM _catalog.commits WHERE time <= ${time}`
  const [[number] = []] = await runForValues(connection, sql)
  return Number(number)
}

/** Forgets the commits before this one. */
export async function forgetCommits(connection: DuckDBConnection, before: number): Promise<void> {
  await connection.run(`DELETE FROM _catalog.commits WHERE number < ${before}`)
}
