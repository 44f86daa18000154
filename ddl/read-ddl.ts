import { readdir, readFile } from 'node:fs/promises'
import { readContracts } from '../ingest/read-contracts.ts'
import { readSettings, wholeSetting, type DataformSettings } from './dataform-settings.ts'

/** One object of the warehouse and the SQL that makes it; safe to run again. */
export type DdlObject = { name: string; sql: string }

export type Ddl = {
  location: string
  datasets: DdlObject[]
  tables: DdlObject[]
  /** What the variables of dataform.json say about tables that exist. */
  retention: DdlObject[]
}

/** Reads ddl/ and the settings that it shares with Dataform. */
export async function readDdl(): Promise<Ddl> {
  const [settings, datasets, tables] = await Promise.all([
    readSettings(),
    readFolder('datasets'),
    readFolder('tables'),
  ])
  return { location: settings.defaultLocation, datasets, tables, retention: retention(settings) }
}

async function readFolder(folder: string): Promise<DdlObject[]> {
  const url = new URL(`${folder}/`, import.meta.url)
  const files = (await readdir(url)).filter((file) => file.endsWith('.sql')).toSorted()
  return Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -'.sql'.length),
      sql: await readFile(new URL(file, url), 'utf8'),
    })),
  )
}

/**
 * Partitions expire, never tables; the days are said once, in dataform.json. Dataform makes the
 * last two itself: they may not be there yet.
 */
function retention(settings: DataformSettings): DdlObject[] {
  const typed = readContracts().map(({ table }) => table)
  const tables = [...typed, 'rejected_events', 'duplicate_events']
  return [
    expiry('raw.raw_events', wholeSetting(settings, 'rawRetentionDays')),
    ...tables.map((table) => expiry(`events.${table}`, wholeSetting(settings, 'retentionDays'))),
  ]
}

function expiry(table: string, days: number): DdlObject {
  return {
    name: `${table} keeps partitions for ${days} days`,
    sql: `alter table if exists ${table} set options (partition_expiration_days = ${days})`,
  }
}
