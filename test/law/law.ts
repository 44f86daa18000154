import type { Warehouse } from '../warehouse.ts'
import { closedOnes, explainedOnes, firstOnes, landedOnes, scheduleOf } from './schedule.ts'
import { empty, land, openModels, runAll, scriptsOf, type Model, type Models } from './models.ts'

/** A full refresh equals any schedule of incremental runs, row for row. */
export type Law = {
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
  const { warehouse, increments } = await openModels()
  const refreshes = await scriptsOf(warehouse, '--full-refresh')
  return {
    check: (seed) => check(seed, { warehouse, increments, refreshes }),
    stop: () => warehouse.stop(),
  }
}

async function check(
  seed: number,
  { warehouse, increments, refreshes }: Models & { refreshes: Model[][] },
): Promise<Verdict> {
  const tables = increments.flat().map(({ name }) => name)
  await empty(warehouse, ['raw.raw_events', 'events.read_positions', ...tables])
  const { events, runs } = scheduleOf(seed, Date.now())
  for (const arrivals of runs) {
    await land(warehouse, arrivals)
    await runAll(warehouse, increments)
  }
  const byIncrements = await contents(warehouse, tables)
  const kept = await keptOnes(warehouse)
  const closed = await closings(warehouse)
  const suppressed = await countDuplicates(warehouse)
  const explained = await explanations(warehouse)
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
      ...differences('closed by the runs', closed, 'landed again', closedOnes(events)),
      ...(unaccounted === 0 ? [] : [`${unaccounted} raw events are neither kept nor duplicates`]),
      ...differences('explained by the runs', explained, 'as it was', explainedOnes(events)),
      ...differences('counted by the ledger', counted, 'landed', landedOnes(events)),
      ...differences('after an idle run', afterIdleRun, 'before it', byIncrements),
      ...differences('after a full refresh', byRefresh, 'after the runs', byIncrements),
    ],
  }
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

async function closings({ query }: Warehouse): Promise<string[]> {
  return linesOf(
    await query(`select
      concat(message_id, ' ', format_timestamp('%FT%H:%M:%E3SZ', closed_time), ' ', closed_by) as line
    from events.rejected_events
    where closed_time is not null`),
  )
}

/** Why raw events were suppressed, in the words of `explainedOnes`. */
async function explanations({ query }: Warehouse): Promise<string[]> {
  return linesOf(
    await query(`select
      concat(
        table_name, ' ', message_id, ' ', format_timestamp('%FT%H:%M:%E3SZ', ingest_time), ' ',
        reason
      ) as line
    from events.duplicate_events cross join unnest(generate_array(1, suppressed))`),
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
        sum(unaccounted), ' unaccounted, ', sum(booked_twice), ' booked twice'
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
