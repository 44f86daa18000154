import { createLoadJobs } from '../../ingest/bigquery-load-jobs.ts'
import { createTable, type Table } from './bigquery.ts'
import { createChance } from './chance.ts'
import { createCloudStorage, type CloudStorage } from './cloud-storage.ts'
import { createFaults, type FaultKind } from './faults.ts'
import { createFleet } from './fleet.ts'
import { createLoadJobEndpoint, loadTarget } from './load-jobs.ts'
import { makeOversize, makePublication } from './messages.ts'
import { createNetwork } from './network.ts'
import { createPending } from './pending.ts'
import { drawPlan, type Plan } from './plan.ts'
import { createPubSub } from './pubsub.ts'
import { createScheduler } from './scheduler.ts'
import type { StoredMessage } from './stored-message.ts'
import { createWorld, type Violation, type World } from './world.ts'

/** What became of one run. */
export type Outcome = {
  seed: number
  /** The first promise that was broken. */
  violation: Violation | undefined
  messages: number
  files: number
  rows: number
  loadJobs: number
  virtualMs: number
  /** From the end of faults until everything had landed. */
  catchUpMs: number
  /** Most messages that an ingester held at a time. */
  mostHeld: number
  faults: Map<FaultKind, number>
}

export const startOfTime = Date.parse('2025-02-08T13:09:30Z')
const minuteMs = 60_000
/** Longest back-offs, leases and timeouts one after the other, and some more. */
const drainLimitMs = 30 * minuteMs
/** Pub/Sub gives a message up after so many; only a fault of the ingester's could bring it there. */
const mostDeliveries = 100

/**
 * Runs the real ingester through what the seed holds in store for it, then lets faults end, and says
 * whether every promise was kept. The same seed gives the same run, step by step; a `trace` gets a
 * line for each step. The plan is drawn from the seed too, unless one is given.
 */
export async function simulate(
  seed: number,
  { trace, plan: given }: { trace?: string[]; plan?: Plan } = {},
): Promise<Outcome> {
  const chance = createChance(seed)
  const scheduler = createScheduler(startOfTime, chance.next)
  const plan = given ?? drawPlan(chance, startOfTime)
  const faults = createFaults(chance, plan.rates, plan.outages)
  const world = createWorld({ chance, scheduler, faults }, trace)
  world.note(
    () => `seed ${seed}: ${JSON.stringify({ ...plan, rates: Object.fromEntries(plan.rates) })}`,
  )

  const messages = new Map<string, StoredMessage>()
  const fleet = createFleet(world, plan.instances, plan.options)
  const network = createNetwork(world, fleet.interrupt)
  const storage = createCloudStorage(world, network, messages)
  const table = createTable(world, network, messages, storage)
  const pending = createPending(world, network, messages, storage, table)
  const loadJobs = createLoadJobEndpoint(world, network, messages, storage, table)
  const pubsub = createPubSub(world, network, {
    ...plan.options,
    disorder: plan.disorder,
    messages,
    hasLanded: (id) =>
      storage.filesOf(id).length > 0 && (table.rowsOf(id) > 0 || pending.isNoted(id)),
  })

  function publish(): void {
    const publication = makePublication(chance, messages.size, plan.poison)
    if (publication.code ?? publication.isRefused) faults.count('poison')
    pubsub.publish(publication)
  }

  /** Lets time pass until the condition holds; that it never does is a violation like others. */
  async function until(isDone: () => boolean, limitMs: number, otherwise: string): Promise<void> {
    const isOver = () => world.violations.length > 0 || isDone()
    if (!(await scheduler.run(isOver, limitMs))) world.violate('liveness', otherwise)
  }

  let catchUpMs = 0
  const letPass = (ms: number) => scheduler.run(() => world.violations.length > 0, ms)
  const isQuiet = () =>
    pubsub.isDrained() &&
    network.underWay() === 0 &&
    pending.isEmpty() &&
    loadJobs.underWay() === 0 &&
    fleet.alive().every(({ held }) => held.size === 0)

  function onRejection(error: unknown): void {
    world.violate('no crash', `a promise was rejected: ${String(error)}`)
  }

  process.on('unhandledRejection', onRejection)
  try {
    fleet.start((instance) => ({
      subscription: pubsub.subscriptionFor(instance),
      store: storage.storeFor(instance),
      table: table.tableFor(instance),
      ...(plan.options.loading && {
        loading: {
          ...pending.portsFor(instance),
          jobs: createLoadJobs(loadJobs.requestFor(instance), loadTarget),
        },
      }),
    }))
    for (let count = 0; count < plan.messages; count++) {
      const burst = chance.anyOf(plan.bursts)
      scheduler.after(burst ?? chance.integer(0, plan.durationMs), publish)
    }
    if (plan.hasOversize) {
      scheduler.after(chance.integer(0, plan.durationMs), () => {
        faults.count('oversize row')
        pubsub.publish(makeOversize())
      })
    }
    await letPass(plan.durationMs)

    faults.end()
    world.note(() => 'faults end')
    await until(isQuiet, drainLimitMs, 'messages are left after faults have ended')
    catchUpMs = scheduler.now() - startOfTime - plan.durationMs
    for (let count = 0; count < 10; count++) publish()
    await letPass(chance.integer(0, 2_000))
    if (chance.happens(0.5)) fleet.stopOne()
    await until(isQuiet, drainLimitMs, 'fresh messages do not land after faults have ended')
    // The last calls of the time of faults may fail as late as this, and then everybody looks once more.
    await letPass(1.5 * minuteMs + 1.2 * (plan.options.loading?.everyMs ?? 0))
    for (const { name, ingester } of fleet.alive()) {
      const reasons = ingester?.health.reasons() ?? []
      if (reasons.length > 0) world.violate('health', `${name} still says ${reasons.join('; ')}`)
    }
    fleet.stop()
    await until(() => fleet.alive().length === 0, minuteMs, 'an instance does not end')
    checkBooks(world, messages, storage, table)
  } catch (error) {
    world.violate('no crash', error instanceof Error ? String(error.stack) : String(error))
  } finally {
    // Node tells of rejections, and the world outside goes on, only between turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', onRejection)
  }

  let rows = 0
  for (const id of messages.keys()) rows += table.rowsOf(id)
  return {
    seed,
    violation: world.violations[0],
    messages: messages.size,
    files: storage.files(),
    rows,
    loadJobs: loadJobs.count(),
    virtualMs: scheduler.now() - startOfTime,
    catchUpMs,
    mostHeld: fleet.mostHeld(),
    faults: faults.counts,
  }
}

/** Each message has landed, and what landed twice was delivered twice or its answer was lost. */
function checkBooks(
  world: World,
  messages: ReadonlyMap<string, StoredMessage>,
  storage: CloudStorage,
  table: Table,
): void {
  for (const { id, deliveries, causesOfRows } of messages.values()) {
    const lines = storage.filesOf(id).length
    const rows = table.rowsOf(id)
    if (deliveries > mostDeliveries) world.violate('dead letter', `${id}: ${deliveries} deliveries`)
    if (lines === 0) world.violate('I1', `${id} has no line in any file`)
    if (rows === 0) world.violate('I4', `${id} has no row`)
    if (lines > deliveries) world.violate('I3', `${id}: ${lines} lines, ${deliveries} deliveries`)
    if (rows > causesOfRows) world.violate('I6', `${id}: ${rows} rows, reason for ${causesOfRows}`)
  }
}
