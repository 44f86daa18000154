import { afterAll, beforeAll, expect, test } from 'vitest'
import { awkwardRawEvents, seededRandom, type ExpectedRawEvent } from './raw-events.ts'
import { startWarehouse, type Warehouse } from './warehouse.ts'

type ExecutionGraph = {
  actions: { target: { name: string }; tableType: string; tasks: { statement: string }[] }[]
}

const tables = ['orders', 'inventory', 'user_activity', 'rejected_events'] as const
const firstSeed = Number(process.env.SEED ?? 1)
const seeds = Array.from(
  { length: Number(process.env.SEEDS ?? 3) },
  (_, index) => firstSeed + index,
)

const hour = 3_600_000
const day = 24 * hour

let warehouse: Warehouse
/** What the Dataform CLI sends for each incremental table. */
let increments: string[]
let refreshes: string[]

beforeAll(async () => {
  warehouse = await startWarehouse()
  await warehouse.dataform('run')
  ;[increments, refreshes] = await Promise.all([statements(), statements('--full-refresh')])
}, 120_000)
afterAll(() => warehouse.stop())

async function statements(...options: string[]): Promise<string[]> {
  const graph: ExecutionGraph = JSON.parse(
    await warehouse.dataform('run', '--dry-run', '--json', ...options),
  )
  return graph.actions
    .filter(({ tableType }) => tableType === 'incremental')
    .map(({ tasks }) => tasks.map(({ statement }) => statement).join(';\n'))
}

async function land(events: ExpectedRawEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ row }) => ({ json: row }))
  await warehouse.bigquery.dataset('raw').table('raw_events').insert(rows, { raw: true })
}

const runAll = (sqls: string[]) => Promise.all(sqls.map((sql) => warehouse.query(sql)))

/** All rows of the four tables, as text. */
async function contents(): Promise<string[]> {
  const rows = await Promise.all(
    tables.map((table) =>
      warehouse.query(
        `select concat('${table} ', to_json_string(kept)) as line from events.${table} as kept`,
      ),
    ),
  )
  return rows
    .flat()
    .map(({ line }) => String(line))
    .toSorted()
}

const rank = ({ row, table }: ExpectedRawEvent) =>
  row.ingest_time + (table === 'rejected_events' ? row.object_name : row.message_id)

/** The first raw event of each identity: what the tables have to keep, said again. */
function firstOnes(events: ExpectedRawEvent[]): string[] {
  const first = new Map<string, ExpectedRawEvent>()
  for (const event of events.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const key = `${event.table} ${event.identity}`
    if (!first.has(key)) first.set(key, event)
  }
  return [...first.values()].map(
    ({ table, row }) => `${table} ${row.message_id} ${row.ingest_time}`,
  )
}

async function keptOnes(): Promise<string[]> {
  const rows = await warehouse.query(
    `select concat(table_name, ' ', message_id, ' ', format_timestamp('%FT%H:%M:%E3SZ', ingest_time)) as line
    from events.kept_events`,
  )
  return rows.map(({ line }) => String(line))
}

async function clear(): Promise<void> {
  for (const table of [
    'raw.raw_events',
    'events.read_positions',
    ...tables.map((t) => `events.${t}`),
  ]) {
    await warehouse.query(`truncate table ${table}`)
  }
}

test.each(seeds)(
  'any schedule of increments equals a full refresh, seed %i',
  { timeout: 120_000 },
  async (seed) => {
    await clear()
    const random = seededRandom(seed)
    // The events lie around a midnight: of today, or of a day so old that a run does not ask for it.
    const today = Date.now() - (Date.now() % day)
    const midnight = seed % 3 === 0 ? today - 30 * day : today
    const start = midnight - 4 * hour
    const events = awkwardRawEvents(random, start, 60)

    const waiting = events.toSorted((a, b) => a.visibleAt - b.visibleAt)
    for (let time = start; waiting.length > 0; time += random() * 2 * hour) {
      const later = waiting.findIndex(({ visibleAt }) => visibleAt > time)
      await land(waiting.splice(0, later < 0 ? waiting.length : later))
      await runAll(increments)
    }
    const byIncrements = await contents()
    await runAll(increments)
    const afterIdleRun = await contents()
    const kept = await keptOnes()
    const [duplicates] = await warehouse.query(
      `select sum(suppressed) as suppressed from events.duplicate_events
    where ingest_time >= timestamp '2000-01-01'`,
    )
    await runAll(refreshes)

    expect(kept.toSorted()).toEqual(firstOnes(events).toSorted())
    expect(kept.length + Number(duplicates?.suppressed)).toBe(events.length)
    expect(afterIdleRun).toEqual(byIncrements)
    expect(await contents()).toEqual(byIncrements)
  },
)
