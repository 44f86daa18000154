import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, expect, test } from 'vitest'
import { installRuntime } from './install-runtime.ts'

let connection: DuckDBConnection
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  await installRuntime(connection)
})

async function rows(sql: string): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getRowsJson()
}

test('no macro has the name of a type: DuckDB would take its call for a cast', async () => {
  const taken = await rows(`
    SELECT function_name FROM duckdb_functions()
    WHERE database_name = 'bq' AND function_type = 'macro'
      AND function_name IN (SELECT lower(type_name) FROM duckdb_types())`)

  expect(taken).toEqual([])
})

function parse(text: string): string {
  return `TRY(bq.text_to_timestamp(${text}, 'UTC'))`
}

test('errors inside of TRY stay there, whatever else the query computes', async () => {
  const sql = `
    SELECT count(${parse('s')}), count(${parse(`s || ''`)}), count(TRY(bq.timestamp_in_zone(s, 'Asia/Kolkata')))
    FROM (SELECT CASE WHEN i % 3 = 0 THEN 'x' || i ELSE '2024-01-31 10:00:00' END AS s FROM range(3000) t(i))`

  expect(await rows(sql)).toEqual([['2000', '2000', '2000']])
})

test('every connection of the instance has the runtime, and the main database has nothing of it', async () => {
  const [[upper]] = (await rows(`SELECT bq.upper('straße')`)) as [[string]]
  const main = await rows(
    `SELECT count(*) FROM duckdb_functions() WHERE database_name = 'memory' AND NOT internal`,
  )

  expect(upper).toBe('STRASSE')
  expect(main).toEqual([['0']])
})
