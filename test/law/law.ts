import { startWarehouse, type Warehouse } from '../warehouse.ts'
import type { RawEvent } from '../raw-events.ts'
import { incrementalModels, type ExecutionGraph, type Model } from './compiled-models.ts'
import { firstOnes, landedOnes, scheduleOf } from './schedule.ts'

/** A full refresh equals any schedule of incremental runs, row for row. */
export type Law = Court & {
  /** Runs the schedule of this seed and says what it broke. */
  check(seed: number): Promise<Verdict>
  stop(): Promise<void>
}

export type Verdict = {
  rawEvents: number
  runs: number
  /** Nothing: the law held. */
  problems: string[]
}

/** Compiles the models once; every schedule then runs the SQL that the Dataform CLI sends for them. */
export async function openLaw(): Promise<Law> {
  const court = await openCourt()
  return {
    ...court,
    check: (seed) => check(seed, court),
    stop: () => court.warehouse.stop(),
  }
}

async function openCourt(): Promise<Court> {
  const warehouse = await startWarehouse()
  await warehouse.dataform('run')
  const [increments, refreshes] = await Promise.all([
    dryRun(warehouse),
    dryRun(warehouse, '--full-refresh'),
  ])
  return { warehouse, increments, refreshes }
}

/** A warehouse, and what a usual run and a full refresh do there, step by step. */
export type Court = { warehouse: Warehouse; increments: Model[][]; refreshes: Model[][] }

async function dryRun(warehouse: Warehouse, ...options: string[]): Promise<Model[][]> {
  const graph: ExecutionGraph = JSON.parse(
    await warehouse.dataform('run', '--dry-run', '--json', ...options),
  )
  return incrementalModels(graph)
}

async function check(seed: number, { warehouse, increments, refreshes }: Court): Promise<Verdict> {
  const tables = increments.flat().map(({ name }) => name)
  await empty(warehouse, ['raw.raw_events', 'events.read_positions', ...tables])
  const { events, runs } = scheduleOf(seed, Date.now())
  for (const arrivals of runs) {
    await land(warehouse, arrivals)
    await runAll(warehouse, increments)
  }
  const byIncrements = await contents(warehouse, tables)
  const kept = await keptOnes(warehouse)
  const suppressed = await countDuplicates(warehouse)
  await runAll(warehouse, increments)
  const afterIdleRun = await contents(warehouse, tables)
  // A full refresh spares the ledger: made anew, it has to count the same.
  await empty(warehouse, ['events.ledger', 'events.read_positions'])
  await runAll(warehouse, refreshes)
  const byRefresh = await contents(warehouse, tables)

  const unaccounted = events.length - kept.length - suppressed
  const counted = await countedOnes(warehouse)
  return {
    rawEvents: events.length,
    runs: runs.length,
    problems: [
      ...differences('kept by the runs', kept, 'the first of its identity', firstOnes(events)),
      ...(unaccounted === 0 ? [] : [`${unaccounted} raw events are neither kept nor duplicates`]),
      ...differences('counted by the ledger', counted, 'landed', landedOnes(events)),
      ...differences('after an idle run', afterIdleRun, 'before it', byIncrements),
      ...differences('after a full refresh', byRefresh, 'after the runs', byIncrements),
    ],
  }
}

/** Makes rows of raw_events. */
export async function land({ bigquery }: Warehouse, events: { row: RawEvent }[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ row }) => ({ json: row }))
  await bigquery.dataset('raw').table('raw_events').insert(rows, { raw: true })
}

/** Runs models in the order of their needs. */
export async function runAll({ query }: Warehouse, groups: Model[][]): Promise<void> {
  for (const group of groups) await Promise.all(group.map(({ script }) => query(script)))
}

export async function empty({ query }: Warehouse, tables: string[]): Promise<void> {
  await query(tables.map((table) => `truncate table ${table}`).join(';\n'))
}

/** All rows of the tables, as text. */
async function contents({ query }: Warehouse, tables: string[]): Promise<string[]> {
  const selects = tables.map(
    (table) => `select concat('${table} ', to_json_string(kept)) as line from ${table} as kept`,
  )
  return linesOf(await query(selects.join('\nunion all\n')))
}

async function keptOnes({ query }: Warehouse): Promise<string[]> {
  return linesOf(
    await query(`select
      concat(table_name, ' ', message_id, ' ', format_timestamp('%FT%H:%M:%E3SZ', ingest_time)) as line
    from events.kept_events`),
  )
}

async function countDuplicates({ query }: Warehouse): Promise<number> {
  const [row] = await query(`select sum(suppressed) as suppressed
    from events.duplicate_events
    where ingest_time >= timestamp '2000-01-01'`)
  return Number(row?.['suppressed'])
}

/** What the ledger says of each event type, in the words of `landedOnes`. */
async function countedOnes({ query }: Warehouse): Promise<string[]> {
  return linesOf(
    await query(`select
      concat(
        event_type, ': ', sum(raw_events), ' raw events, ', sum(messages), ' messages, ',
        sum(unaccounted), ' unaccounted'
      ) as line
    from events.ledger
    group by event_type`),
  )
}

function linesOf(rows: Record<string, unknown>[]): string[] {
  return rows.map(({ line }) => String(line))
}

/** The lines that only one side has, or has more often. */
function differences(oneSide: string, one: string[], otherSide: string, other: string[]): string[] {
  const rest = Map.groupBy(other, (line) => line)
  const onlyOne = one.filter((line) => rest.get(line)?.pop() === undefined)
  const onlyOther = [...rest.values()].flat()
  return [
    ...onlyOne.map((line) => `only ${oneSide}: ${line}`),
    ...onlyOther.map((line) => `only ${otherSide}: ${line}`),
  ]
}
