import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, expect, test } from 'vitest'
import { awkwardText, pick, type Random, seededRandom } from '../differential/awkward-rows.ts'
import { canonicalJson } from './canonical-json.ts'
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

test('JSON text that escapes a character beyond ASCII is refused: BigQuery makes broken text of it', async () => {
  await expect(rows(String.raw`SELECT bq.text_json_scalar('"a\é"', '$')`)).rejects.toThrow(
    'not supported by the local engine: JSON text',
  )
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

test('the field of a stored struct is read like a column, though DuckDB casts such fields as it scans', async () => {
  await connection.run(`
    CREATE TABLE texts AS SELECT unnest(
      ['7', 'x', '2024-01-31', '2024-01-31T10:00:00Z', '10:00:00', '1.5', 'true', '', NULL]) AS s;
    CREATE TABLE fields AS
      SELECT s, to_json(s) AS j, {'s': s, 'j': to_json(s), 'n': 1} AS t FROM texts`)
  const ofTexts = ['int64', 'float64', 'numeric', 'bool', 'date', 'datetime', 'time']
    .map((name) => (value: string) => `bq.safe_${name}(${value}.s)`)
    .concat((value) => `bq.safe_timestamp(${value}.s, 'UTC')`)
  const ofJson = ['lax_int64', 'lax_float64', 'lax_bool', 'json_scalar'].map(
    (name) => (value: string) => `bq.${name}(${value}.j)`,
  )
  for (const expression of [...ofTexts, ...ofJson]) {
    const ofFields = await rows(`SELECT ${expression('t')} FROM fields`)
    expect(ofFields).toEqual(await rows(`SELECT ${expression('fields')} FROM fields`))
  }
})

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 42)

function plainLooking(random: Random): string {
  const patterns = ['9', '-9.9', '99999999.999', '-9999999999.9', '9999-09-09', '09:09:09.999']
  const instants = ['2099-09-19T09:09:09Z', '2099-09-29 09:09:09.999999+09:09', '99e9', ' 9.']
  const pattern = pick(random, [...patterns, ...instants])
  return pattern.replaceAll('9', () => (random(20) === 0 ? awkwardText(random) : `${random(10)}`))
}

test(`a text is read by DuckDB as in JavaScript (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  const texts = Array.from({ length: 4_000 }, (_, index) =>
    index % 2 === 0 ? awkwardText(random) : plainLooking(random),
  )
  const slow = {
    "safe_timestamp(s, 'UTC')": `make_timestamptz(js_timestamp(s, 'UTC'))`,
    'safe_int64(s)': 'js_int64(s)',
    'safe_float64(s)': 'js_float64(s)',
    'safe_numeric(s)': 'CAST(js_numeric(s) AS DECIMAL(38,9))',
    'safe_bool(s)': 'js_bool(s)',
    'safe_date(s)': `DATE '1970-01-01' + CAST(js_date(s) AS INTEGER)`,
    'safe_datetime(s)': 'make_timestamp(js_datetime(s))',
    'safe_time(s)': 'bq.time_micros(js_time(s))',
  }
  const differing = Object.entries(slow).map(
    ([fast, exact]) => `list(s) FILTER (bq.${fast} IS DISTINCT FROM ${exact}), count(${exact}) > 5`,
  )
  const [found = []] = await rows(
    `SELECT ${differing.join(', ')} FROM (SELECT unnest([${texts.map(literal).join()}]) AS s)`,
  )

  expect(found).toEqual(Object.keys(slow).flatMap(() => [null, true]))
})

test(`the text and the number of a scalar are what its JSON says (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  const number = (): number => (random(2e9) - 1e9) / 10 ** random(12)
  const makes = [
    () => JSON.stringify(awkwardText(random)),
    () => JSON.stringify(`${number()}`),
    () => JSON.stringify(`${random(1e9)}`.repeat(5) + pick(random, ['', '.5', 'e3', '-4'])),
    () => canonicalJson(`${number()}`),
    () => canonicalJson(`${number() * 10 ** (random(40) - 20)}`),
    () => canonicalJson(`${number() * 10 ** random(20)}`),
    () => pick(random, ['{"b":1}', '[1]', 'null', 'true', '"{"', '"null"', '9223372036854775807']),
  ]
  const values = Array.from({ length: 7_000 }, (_, index) => makes[index % makes.length]?.() ?? '')
  const numbers = ['int64', 'float64', 'numeric'].map((name) => [
    `bq.json_safe_${name}(j)`,
    `bq.safe_${name}(bq.json_scalar(j))`,
  ])
  const pairs = [
    ['bq.json_text_scalar(s, j)', 'bq.json_scalar(j)'],
    ['bq.lax_text_scalar(s, j)', 'bq.lax_scalar(j)'],
    ['bq.json_scalar(j)', 'js_json_scalar(CAST(j AS VARCHAR))'],
    ...numbers,
  ]
  const differing = pairs.map(([fast, slow]) => `list(j) FILTER (${fast} IS DISTINCT FROM ${slow})`)
  const found = await rows(`
    SELECT ${differing.join(', ')}, count(s)
    FROM (SELECT json_extract(o, '$.a') AS j, struct_extract(from_json(o, '{"a":"VARCHAR"}'), 'a') AS s
      FROM (SELECT CAST('{"a":' || unnest([${values.map(literal).join()}]) || '}' AS JSON) AS o))`)

  expect(found).toEqual([[...pairs.map(() => null), expect.stringMatching(/^6\d{3}$/)]])
})

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

test('every connection of the instance has the runtime, and the main database has nothing of it', async () => {
  const [[upper]] = (await rows(`SELECT bq.upper('straße')`)) as [[string]]
  const main = await rows(
    `SELECT count(*) FROM duckdb_functions() WHERE database_name = 'memory' AND NOT internal`,
  )

  expect(upper).toBe('STRASSE')
  expect(main).toEqual([['0']])
})
