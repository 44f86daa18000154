import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { engineError } from './engine-error.ts'

test.each([
  ['SELECT TRY(ln((SELECT 0)))', 'SAFE functions of a subquery'],
  ['SELECT TRY(ln(random() - 2))', 'SAFE functions and IFERROR of a random value'],
  [
    'SELECT list_transform([1], lambda x: x + (SELECT 1))',
    'a subquery that is evaluated for each element of an array',
  ],
])('what DuckDB cannot do is refused in our words: %s', async (sql, what) => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const error = await connection.run(sql).catch(engineError)

  expect(error).toMatchObject({ message: `not supported by the local engine: ${what}` })
})
