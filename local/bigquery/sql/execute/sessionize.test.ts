import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../differential/awkward-rows.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run(`
    create schema d;
    create table d.stays (id int64, guest string, stay range<date>);
    insert into d.stays values
      (1, 'ann', range<date> '[2025-01-01, 2025-01-03)'),
      (2, 'ann', range<date> '[2025-01-03, 2025-01-05)'),
      (3, 'ann', range<date> '[2025-01-04, 2025-01-08)'),
      (4, 'ann', range<date> '[2025-01-09, 2025-01-10)'),
      (5, null, range<date> '[2025-01-02, UNBOUNDED)'),
      (6, null, range<date> '[2025-01-08, 2025-01-09)'),
      (7, null, range<date> '[UNBOUNDED, 2025-01-01)'),
      (8, 'bob', range<date> '[2025-01-01, 2025-01-02)'),
      (9, 'bob', range<date> '[2025-01-05, 2025-01-06)'),
      (10, 'bob', null)`)
})
afterAll(() => engine.close())

async function sessions(call: string): Promise<string> {
  const rows = await engine.rows(
    `select id, session_range from range_sessionize(${call}) order by id`,
  )
  return rows
    .map(([id, session]) => `${String(id)} ${String(session)}`.replaceAll('2025-01-', ''))
    .join(' | ')
}

test('ranges that meet or overlap are a session, of each value of the columns', async () => {
  expect(await sessions("table d.stays, 'stay', ['guest']")).toBe(
    '1 [01, 08) | 2 [01, 08) | 3 [01, 08) | 4 [09, 10) | ' +
      '5 [02, UNBOUNDED) | 6 [02, UNBOUNDED) | 7 [UNBOUNDED, 01) | ' +
      '8 [01, 06) | 9 [01, 06) | 10 null',
  )
})

test('with OVERLAPS, ranges that only meet are apart', async () => {
  const ann = "(select *\n  from d.stays\nwhere guest = 'ann'),\n'stay', ['guest']"

  expect(await sessions(`${ann}, 'OVERLAPS'`)).toBe(
    '1 [01, 03) | 2 [03, 08) | 3 [03, 08) | 4 [09, 10)',
  )
  expect(await sessions(`${ann}, 'MEETS'`)).toBe(await sessions(ann))
})

test.each([
  ['MEETS', (end: number, start: number) => start <= end],
  ['OVERLAPS', (end: number, start: number) => start < end],
])('random ranges have the sessions that one finds one by one: %s', async (mode, joins) => {
  const seed = 7
  const random = seededRandom(seed)
  const ranges = Array.from({ length: 200 }, (_, id) => {
    const start = random(500)
    return { id, room: random(4), start, end: start + 1 + random(6) }
  })
  const values = ranges.map(({ id, room, start, end }) => `(${id}, ${room}, ${start}, ${end})`)
  const table = `select id, room, range(timestamp_seconds(s), timestamp_seconds(e)) as stay
    from unnest(array<struct<id int64, room int64, s int64, e int64>>[${values.join(', ')}])`
  await engine.run(`create or replace table d.random as ${table}`)
  const rows = await engine.rows(`
    select id, unix_seconds(range_start(session_range)), unix_seconds(range_end(session_range))
    from range_sessionize(table d.random, 'stay', ['room'], '${mode}') order by id`)

  const expected = ranges.map(({ id, room, start, end }) => {
    const session = { start, end }
    for (let grown = true; grown;) {
      const others = ranges.filter(
        (other) =>
          other.room === room && joins(other.end, session.start) && joins(session.end, other.start),
      )
      const touching = others.filter((o) => o.start < session.start || o.end > session.end)
      grown = touching.length > 0
      for (const other of touching) {
        session.start = Math.min(session.start, other.start)
        session.end = Math.max(session.end, other.end)
      }
    }
    return [String(id), String(session.start), String(session.end)]
  })
  expect(rows, `seed ${seed}`).toEqual(expected)
})

test('a view keeps the text that was written, and reads the sessions', async () => {
  const query = "select * from range_sessionize(table d.stays,\n  'stay', ['guest'])"
  await engine.run(`create view d.sessions as ${query} -- all`)

  const tableReference = { projectId: 'shop-events', datasetId: 'd', tableId: 'sessions' }
  expect(engine.catalog.current.table(tableReference)?.view?.query).toBe(query)
  expect(await engine.rows('select count(*) from d.sessions')).toEqual([['10']])
})

test.each([
  [
    "table d.stays, 'stay', ['guest'], 'TOUCHES'",
    'Could not cast literal "TOUCHES" to type RANGE_SESSIONIZE_MODE at [2:57]',
  ],
  [
    "table d.nothing, 'stay', ['guest']",
    'Not found: Table shop-events:d.nothing was not found in location US',
  ],
  ["table d.stays, 'stay', ['guest']) where nope in (1", 'Unrecognized name: nope at [2:63]'],
  ["table d.stays, 'guest', ['guest']", 'RANGE_SESSIONIZE here: No matching signature'],
  ["table d.stays, 'stay', ['guest'], 'meets'", 'RANGE_SESSIONIZE by an option'],
  ["table d.stays, 'stay'", 'RANGE_SESSIONIZE of anything but'],
])('what is wrong is said where it stands: %s', async (call, message) => {
  expect(await engine.refusal(`select *\nfrom range_sessionize(${call})`)).toContain(message)
})
