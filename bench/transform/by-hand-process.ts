import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { projectId } from '../../local/demo/names.ts'

// Runs the SQL written for DuckDB by hand, in a process of its own, with the settings of the local BigQuery.
const [file = ''] = process.argv.slice(2)
const instance = await DuckDBInstance.create(file, {
  memory_limit: `${Math.floor(totalmem() / 2 ** 21)}MiB`,
})
const connection = await instance.connect()
await connection.run("set global TimeZone = 'UTC'; create schema if not exists by_hand")

async function transform(table: string): Promise<number> {
  const sql = await readFile(join(import.meta.dirname, `${table}.duckdb-sql`), 'utf8')
  const startedAt = performance.now()
  await connection.run(sql)
  return performance.now() - startedAt
}

/** How many rows of either table the other one lacks. */
async function difference(table: string): Promise<number> {
  const [one, other] = [`by_hand.${table}`, `"${projectId}.events".${table}`]
  const columns = await connection.runAndReadAll(`select * from ${one} limit 0`)
  const list = columns.columnNames().join(', ')
  const lacks = (left: string, right: string) =>
    `(select count(*) from (select ${list} from ${left} except all select ${list} from ${right}))`
  const result = await connection.runAndReadAll(
    `select (${lacks(one, other)} + ${lacks(other, one)})::integer`,
  )
  return Number(result.getRows()[0]?.[0])
}

// It lives as long as somebody may ask.
process.channel?.ref()
process.on('message', async (order: { transform?: string; difference?: string } | string) => {
  if (typeof order === 'string') return
  if (order.transform) process.send?.({ ms: await transform(order.transform) })
  if (order.difference) process.send?.({ rows: await difference(order.difference) })
})
process.send?.({ ready: true })
