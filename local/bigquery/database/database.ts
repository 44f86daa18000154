import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { createQueue } from './queue.ts'

/** A DuckDB file in which many read at once, each at a fixed moment, and one writes. */
export type Database = {
  /**
   * A connection that sees, until it is released, exactly what was committed when it was given.
   * `look` is called at that very moment, between two commits.
   */
  pin(look?: () => void): Promise<Pin>
  /** Waits for its turn and opens a transaction, which `commit` or `rollback` ends; `first` runs in it at once. */
  begin(first?: () => string): Promise<Transaction>
  /** Waits for the writer, then closes the file; safe to call twice. */
  close(): Promise<void>
}

export type Pin = {
  connection: DuckDBConnection
  release(): Promise<void>
}

export type Transaction = {
  connection: DuckDBConnection
  /**
   * `stamp` runs last in the transaction, while nobody can fix a moment: what it writes down as the
   * time of the commit parts those who see it from those who do not. `publish` is called when the
   * commit is durable, before anybody else can see it.
   */
  commit(publish?: () => void, stamp?: () => Promise<void>): Promise<void>
  rollback(): Promise<void>
}

export type DatabaseOptions = {
  /** A file, which is created when it is missing, or `:memory:`. */
  path: string
  /** As DuckDB writes it, `4GB`; half of the machine when absent, which leaves room for the rest of the pipeline. */
  memoryLimit?: string
  /** Called once, before anything else runs. */
  install?(connection: DuckDBConnection): Promise<void>
}

const settings = `
  SET GLOBAL TimeZone = 'UTC';
  SET GLOBAL preserve_insertion_order = true;
  SET GLOBAL autoinstall_known_extensions = false;
  CREATE SCHEMA IF NOT EXISTS _catalog;
  CREATE TABLE IF NOT EXISTS _catalog.objects (kind VARCHAR, name VARCHAR, body VARCHAR);`

// DuckDB fixes a transaction's moment at its first look at the file, not at BEGIN.
const fixMoment = 'BEGIN TRANSACTION READ ONLY; SELECT 1 FROM _catalog.objects LIMIT 0'

export async function openDatabase({
  path,
  memoryLimit = halfOfMemory(),
  install,
}: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: memoryLimit,
    // A database in memory would spill into the folder in which the process was started.
    ...(path === ':memory:' && { temp_directory: join(tmpdir(), `bigquery-spill-${process.pid}`) }),
  })
  const writer = await instance.connect()
  await writer.run(settings)
  await install?.(writer)

  const writers = createQueue()
  // Held for moments only: no reader may fix its moment in the middle of a commit.
  const commits = createQueue()
  const idle: DuckDBConnection[] = []
  let closing: Promise<void> | undefined

  return {
    async pin(look) {
      const connection = idle.pop() ?? (await instance.connect())
      const leave = await commits.enter()
      try {
        await connection.run(fixMoment)
        look?.()
      } finally {
        leave()
      }
      const release = async (): Promise<void> => {
        await connection.run('ROLLBACK')
        idle.push(connection)
      }
      return { connection, release }
    },

    async begin(first = () => '') {
      const leave = await writers.enter()
      await writer.run(`BEGIN TRANSACTION; ${first()}`)
      return openTransaction(writer, commits, leave)
    },

    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    await writers.enter()
    await commits.enter()
    for (const connection of [...idle, writer]) connection.closeSync()
    instance.closeSync()
  }
}

function halfOfMemory(): string {
  return `${Math.floor(totalmem() / 2 ** 21)}MiB`
}

function openTransaction(
  connection: DuckDBConnection,
  commits: ReturnType<typeof createQueue>,
  leave: () => void,
): Transaction {
  async function stampOrRollBack(stamp: (() => Promise<void>) | undefined): Promise<void> {
    try {
      await stamp?.()
    } catch (error) {
      await connection.run('ROLLBACK')
      throw error
    }
  }

  return {
    connection,

    async commit(publish, stamp) {
      const endCommit = await commits.enter()
      try {
        await stampOrRollBack(stamp)
        await connection.run('COMMIT')
        publish?.()
      } finally {
        endCommit()
        leave()
      }
    },

    async rollback() {
      try {
        await connection.run('ROLLBACK')
      } finally {
        leave()
      }
    },
  }
}
