import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BikeProject, startBikeProject } from './bike-project.ts'

// The unmodified CLI on a project that is not ours, with all that Dataform 3.0 emits.

let project: BikeProject
beforeAll(async () => {
  project = await startBikeProject()
  await project.bigquery.createDataset('landing')
  await project.rows('create table landing.messages (id string not null, payload json)')
  await land('r1', 'b1', 'Gare', '2025-03-28T08:00:00Z', 12)
  await land('r2', 'b2', 'Port', '2025-03-29T23:30:00Z', 250)
}, 60_000)
afterAll(() => project.stop())

async function land(
  id: string,
  bike: string,
  station: string,
  from: string,
  minutes: number,
): Promise<void> {
  const payload = JSON.stringify({ bike, station, from, minutes })
  await project.bigquery.query({
    query: 'insert into landing.messages values (@id, parse_json(@payload))',
    params: { id, payload },
    location: 'US',
  })
}

async function run(...options: string[]): Promise<string> {
  const { code, log } = await project.dataform('run', ...options)
  if (code !== 0) throw new Error(`dataform run: ${log}`)
  return log
}

const logged = `select ride_id, day from analytics.ride_log where day > '2000-01-01' order by 1`
const bikes = 'select bike_id, station, minutes from analytics.bikes order by 1'
const days = 'select day, rides, revenue from analytics.days order by 1'

test('the first run makes everything', async () => {
  const output = await run()

  expect(output.match(/^Assertion passed/gm)).toHaveLength(3)
  expect(await project.rows(logged)).toEqual([
    ['r1', '2025-03-28'],
    ['r2', '2025-03-30'],
  ])
  expect(await project.rows(bikes)).toEqual([
    ['b1', 'Gare', 12],
    ['b2', 'Port', 250],
  ])
  expect(await project.rows(days)).toEqual([
    ['2025-03-28', 1, '1'],
    ['2025-03-30', 1, '2.5'],
  ])
  expect(await project.rows('select * from analytics.revenue order by day')).toEqual([
    ['2025-03-28', '1'],
    ['2025-03-30', '2.5'],
  ])
  expect(await project.rows('select * from analytics.stations order by station')).toEqual([
    ['Gare', 1, ['r1']],
    ['Port', 1, ['r2']],
  ])
  expect(await project.rows('select distinct action from analytics.audit order by 1')).toEqual([
    ['bikes false'],
    ['round 1'],
    ['round 2'],
    ['stations'],
  ])
})

async function metadata(name: string) {
  const [found] = await project.bigquery.dataset('analytics').table(name).getMetadata()
  return found
}

test('tables have the kinds, storage, words and labels that the project gives them', async () => {
  expect(await metadata('rides')).toMatchObject({
    type: 'VIEW',
    description: 'One row per ride.',
    labels: { layer: 'staging' },
  })
  expect(await metadata('revenue')).toMatchObject({
    type: 'MATERIALIZED_VIEW',
    materializedView: { enableRefresh: true },
  })
  const stations = await metadata('stations')
  expect(stations).toMatchObject({
    type: 'TABLE',
    friendlyName: 'Stations',
    description: 'One row per station.',
    clustering: { fields: ['station'] },
    labels: { layer: 'mart' },
  })
  expect(stations.schema.fields[0]).toMatchObject({ name: 'station', description: 'Its name.' })
  expect(await metadata('ride_log')).toMatchObject({
    timePartitioning: { type: 'DAY', field: 'day' },
    requirePartitionFilter: true,
  })
})

test('later runs read what is new, replace what has a key and overwrite partitions', async () => {
  await land('r3', 'b2', 'Gare', '2025-03-30T10:00:00Z', 30)
  await run('--tags', 'nightly')

  expect(await project.rows(logged)).toEqual([
    ['r1', '2025-03-28'],
    ['r2', '2025-03-30'],
    ['r3', '2025-03-30'],
  ])
  expect(await project.rows(bikes)).toEqual([
    ['b1', 'Gare', 12],
    ['b2', 'Gare', 30],
  ])
  expect(await project.rows(days)).toEqual([
    ['2025-03-28', 1, '1'],
    ['2025-03-30', 2, '3.5'],
  ])

  expect(await project.rows(`select action from analytics.audit where action like 'b%'`)).toEqual([
    ['bikes false'],
    ['bikes true'],
  ])
})

test('a full refresh makes tables anew, but not those that are protected', async () => {
  await project.rows(`delete from landing.messages where id = 'r2'`)
  await run('--tags', 'nightly', '--full-refresh')

  expect(await project.rows(days)).toEqual([
    ['2025-03-28', 1, '1'],
    ['2025-03-30', 1, '1'],
  ])
  expect(await project.rows(logged)).toHaveLength(3)
})

test('unit tests pass where the rows are equal, and fail where they are not', async () => {
  await project.write(
    'definitions/wrong_test.sqlx',
    `config { type: 'test', dataset: 'stations' }
input "rides" { select 'Gare' as station, 'r1' as ride_id }
select 'Gare' as station, 2 as rides, ['r1'] as ride_ids`,
  )

  const { code, log } = await project.dataform('test')

  expect(code).toBe(1)
  expect(log).toContain('rides_test: passed')
  expect(log).toContain('wrong_test: failed')
  expect(log).toContain('or row 0 and column "rides": expected "2", but saw "1"')
  await project.write('definitions/wrong_test.sqlx', '')
})

test('what fails is told in the words of BigQuery, and holds up nothing else', async () => {
  await land('r4', 'b1', 'Port', '2025-03-31T10:00:00Z', -5)
  await project.write(
    'definitions/broken.sqlx',
    `config { type: 'table' }
select ride_id,
  no_such_column
from \${ref('rides')}`,
  )

  const { code, log } = await project.dataform(
    'run',
    '--tags=schema_change',
    '--actions=broken,analytics_rides_assertions_rowConditions',
  )

  expect(code).toBe(1)
  // The statement begins on the line before the model's query.
  expect(log).toMatch(/Unrecognized name: no_such_column at \[\d+:3\]/)
  expect(log).toContain('Assertion failed: query returned 1 row(s).')
  // The procedures that this CLI writes for onSchemaChange are none that BigQuery takes.
  const words = /Variable declarations are allowed only at the start of a block or script/g
  expect(log.match(words)).toHaveLength(3)
  expect(log).toMatch(/Table created: +analytics.rides_ignore/)
})
