import { createBatcher, type Batch, type BatchLimits } from './batcher.ts'
import { repeat, sleep, type Clock } from './clock.ts'
import { contractValidators } from './contract-validators.ts'
import type { Message } from './event.ts'
import { createFlow, type FlowLimits } from './flow.ts'
import { createHealth, type Health } from './health.ts'
import { landBatch, type Landed } from './land-batch.ts'
import { createFileLander, type ObjectStore } from './land-file.ts'
import type { RowTable } from './land-rows.ts'
import { createLandingQueue } from './landing-queue.ts'
import { createLeases } from './leases.ts'
import { startLoader, type LoadingOptions } from './loader.ts'
import { logLanded } from './log-landed.ts'
import type { Log } from './log.ts'
import type { Loading } from './pending-files.ts'
import { createReports } from './reports.ts'
import { createRowGate } from './row-gate.ts'
import { startPulling, type Subscription } from './streaming-pull.ts'
import { toEvent } from './to-event.ts'

/** Everything that the ingester touches; nothing else of the world enters it. */
export type Surroundings = {
  subscription: Subscription
  store: ObjectStore
  table: RowTable
  /** Without it rows wait for BigQuery as long as it takes, in memory. */
  loading?: Loading
  clock: Clock
  /** Numbers in [0, 1). */
  random: () => number
  log: Log
}

export type IngesterOptions = {
  /** Goes with the loading of the surroundings. */
  loading?: LoadingOptions
  batch: BatchLimits
  flow: FlowLimits
  streams: number
  concurrentLandings: number
  ackDeadlineSeconds: number
  drainMs: number
  unhealthyAfterSeconds: number
}

export type Ingester = {
  health: Health
  /** Lands what is held within `drainMs` and gives the rest back; to be called once. */
  stop(): Promise<{ landed: number; givenBack: number }>
}

const farewellMs = 1_000
const noLoading: LoadingOptions = {
  mode: 'stream',
  patienceMs: Number.POSITIVE_INFINITY,
  everyMs: Number.POSITIVE_INFINITY,
}

/** Pulls, lands and acknowledges until it is stopped. Only what has landed is acknowledged. */
export function startIngester(surroundings: Surroundings, options: IngesterOptions): Ingester {
  const { subscription, store, table, loading, clock, random, log } = surroundings
  const { ackDeadlineSeconds, drainMs, unhealthyAfterSeconds } = options
  const loadingOptions = (loading && options.loading) ?? noLoading
  const validators = contractValidators()
  const givingUp = new AbortController()

  const leases = createLeases()
  const { oldestReceivedAt } = leases
  const health = createHealth({ oldestReceivedAt, unhealthyAfterSeconds, clock })
  const reports = createReports({ health, log, clock, random, signal: givingUp.signal })
  const persistFile = reports.persistently('Cloud Storage')

  const puller = startPulling(subscription, {
    streams: options.streams,
    ackDeadlineSeconds,
    clock,
    random,
    onMessages: receive,
    onFailure: (error) => reports.failed('Pub/Sub', error),
    onSuccess: () => reports.succeeded('Pub/Sub'),
  })
  const flow = createFlow(options.flow, puller)
  const batcher = createBatcher(options.batch)
  const queue = createLandingQueue(land, options.concurrentLandings)
  const landFile = createFileLander(store)
  const gate = createRowGate({ ...loadingOptions, clock, random, log, health, reports })
  let landedMessages = 0

  function receive(messages: Message[]): void {
    const now = clock.elapsed()
    for (const message of messages) {
      if (leases.renew(message)) continue
      const event = toEvent(message, validators, now)
      leases.hold(event)
      flow.hold(1, event.bytes)
      const full = batcher.add(event, now)
      if (full) queue.push(full)
    }
    queue.push(...batcher.takeExcess(options.flow))
  }

  const sealEveryMs = Math.min(250, Math.ceil(options.batch.maxAgeMs / 4))
  const stopSealing = repeat(clock, sealEveryMs, () =>
    queue.push(...batcher.takeDue(clock.elapsed())),
  )

  async function land(batch: Batch): Promise<void> {
    let landed: Landed
    try {
      landed = await landBatch(batch, {
        landFile,
        table,
        persistFile,
        admitRows: gate.admit,
        note,
        clock,
      })
    } catch (error) {
      // Landing retries until the ingester gives up, and then what is left has been given back.
      if (givingUp.signal.aborted) return
      throw error
    }
    puller.acknowledge(leases.end(batch.events))
    flow.release(batch.events.length, batch.bytes)
    landedMessages += batch.events.length
    logLanded(log, batch, landed)
  }

  async function note(objectName: string): Promise<void> {
    if (!loading) throw new Error('there is no place for notes of pending files')
    await loading.notes.add(objectName)
  }

  /** Whatever is held for longer than a third of the deadline gets the whole of it again. */
  const extensionMs = (ackDeadlineSeconds * 1000) / 3
  const stopExtending = repeat(clock, extensionMs, () =>
    puller.extend(leases.heldSince(clock.elapsed() - extensionMs)),
  )

  if (loading) {
    const { everyMs } = loadingOptions
    const { signal } = givingUp
    startLoader({ ...loading, table, everyMs, clock, random, signal, log, health, reports, gate })
  }

  async function stop() {
    puller.stop()
    stopSealing()
    // What is given back counts as a failed delivery: better that rows wait in their files.
    if (loading) gate.hurry()
    queue.push(...batcher.takeDue(Number.POSITIVE_INFINITY))
    await Promise.race([queue.idle(), sleep(clock, drainMs, givingUp.signal)])

    const rest = [...leases.all()]
    const reason = new Error('the ingester stops')
    givingUp.abort(reason)
    gate.giveUp(reason)
    stopExtending()
    puller.giveBack(leases.end(rest))
    // Pub/Sub may be away too; then leases end by themselves.
    const patience = new Promise<void>((resolve) => clock.after(farewellMs, resolve))
    await Promise.race([puller.close(), patience])
    return { landed: landedMessages, givenBack: rest.length }
  }

  return { health, stop }
}
