import { createBatcher, type Batch, type BatchLimits } from './batcher.ts'
import { repeat, sleep, type Clock } from './clock.ts'
import { contractValidators } from './contract-validators.ts'
import type { Message } from './event.ts'
import { createFlow, type FlowLimits } from './flow.ts'
import { createHealth, type Dependency, type Health } from './health.ts'
import { landBatch, type Landed } from './land-batch.ts'
import { createFileLander, type ObjectStore, type Persist } from './land-file.ts'
import type { RowTable } from './land-rows.ts'
import { createLandingQueue } from './landing-queue.ts'
import type { PendingLoader } from './load-pending.ts'
import { runLoader } from './loader.ts'
import { logLanded } from './log-landed.ts'
import { reasonOf, type Log } from './log.ts'
import type { Loading } from './pending-files.ts'
import { retry } from './retry.ts'
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

/** When rows go by load jobs instead of insertAll. */
export type LoadingOptions = {
  /** `load`: always. */
  mode: 'stream' | 'load'
  /** In `stream` mode they do when BigQuery has taken no rows for so long. */
  patienceMs: number
  everyMs: number
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
/** How often one batch tries whether BigQuery is back. */
const probeEveryMs = 30_000
const noLoading: LoadingOptions = {
  mode: 'stream',
  patienceMs: Number.POSITIVE_INFINITY,
  everyMs: Number.POSITIVE_INFINITY,
}

/** Pulls, lands and acknowledges until it is stopped. Only what has landed is acknowledged. */
export function startIngester(surroundings: Surroundings, options: IngesterOptions): Ingester {
  const { subscription, store, table, loading, clock, random, log } = surroundings
  const { ackDeadlineSeconds, concurrentLandings, drainMs, unhealthyAfterSeconds } = options
  const validators = contractValidators()
  const batcher = createBatcher(options.batch)
  const queue = createLandingQueue(land, concurrentLandings)
  const landFile = createFileLander(store)
  const givingUp = new AbortController()
  let landedMessages = 0

  const health = createHealth({ oldestReceivedAt, unhealthyAfterSeconds })
  const persistFile = persistently('Cloud Storage')
  const loadingOptions = (loading && options.loading) ?? noLoading
  const gate = createRowGate({
    ...loadingOptions,
    probeEveryMs,
    clock,
    random,
    onFailure: (error, attempt) => reportFailure('BigQuery', error, attempt),
    onSuccess: () => health.succeeded('BigQuery'),
    onOpen(reason) {
      health.failed('BigQuery', `${reason}; rows wait in their files`)
      log('WARNING', 'BigQuery is away: rows wait in their files and will be loaded', { reason })
    },
    onClose: () => log('INFO', 'BigQuery is back: rows are sent again'),
  })
  const puller = startPulling(subscription, {
    streams: options.streams,
    ackDeadlineSeconds,
    clock,
    random,
    onMessages: receive,
    onFailure: (error) => reportFailure('Pub/Sub', error),
    onSuccess: () => health.succeeded('Pub/Sub'),
  })
  const flow = createFlow(options.flow, puller)
  const extensionMs = (ackDeadlineSeconds * 1000) / 3
  const stopExtending = repeat(clock, extensionMs, extendLeases)
  const sealEveryMs = Math.min(250, Math.ceil(options.batch.maxAgeMs / 4))
  const stopSealing = repeat(clock, sealEveryMs, () => queue.push(...batcher.takeDue(clock.now())))

  if (loading)
    void runLoader(loaderOf(loading), {
      clock,
      random,
      signal: givingUp.signal,
      onFailure: (error) => reportFailure('Load jobs', error),
    })

  function loaderOf(ports: Loading): PendingLoader {
    return {
      ...ports,
      table,
      everyMs: loadingOptions.everyMs,
      persistFile,
      persistRows: persistently('BigQuery'),
      persistJobs: persistently('Load jobs'),
      clock,
      log,
      onJobFailed: (reason) => health.failed('Load jobs', reason),
      onSettled(isLoaded) {
        health.succeeded('Load jobs')
        if (!isLoaded) return
        health.succeeded('BigQuery')
        gate.probeSoon()
      },
    }
  }

  function receive(messages: Message[]): void {
    const now = clock.now()
    for (const message of messages) {
      const event = toEvent(message, validators, now)
      flow.hold(1, event.bytes)
      const full = batcher.add(event, now)
      if (full) queue.push(full)
    }
    relievePressure()
  }

  /** Many small batches must not hold so much that nothing more arrives to fill them. */
  function relievePressure(): void {
    const { maxMessages, maxBytes } = options.flow
    for (;;) {
      const { messages, bytes } = batcher.waiting()
      if (messages < maxMessages / 2 && bytes < maxBytes / 2) return
      const oldest = batcher.takeOldest()
      if (!oldest) return
      queue.push(oldest)
    }
  }

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
    puller.acknowledge(batch.events.map(({ ackId }) => ackId))
    flow.release(batch.events.length, batch.bytes)
    landedMessages += batch.events.length
    logLanded(log, batch, landed)
  }

  async function note(objectName: string): Promise<void> {
    if (!loading) throw new Error('there is no place for notes of pending files')
    await loading.notes.add(objectName)
  }

  function persistently(dependency: Dependency): Persist {
    return (action) =>
      retry(action, {
        clock,
        random,
        signal: givingUp.signal,
        onFailure: (error, attempt) => reportFailure(dependency, error, attempt),
        onSuccess: () => health.succeeded(dependency),
      })
  }

  function reportFailure(dependency: Dependency, error: unknown, attempt?: number): void {
    const reason = reasonOf(error)
    health.failed(dependency, reason)
    log('WARNING', `${dependency} failed, trying again: ${reason}`, { dependency, attempt })
  }

  function* held() {
    yield* batcher.events()
    yield* queue.events()
  }

  function oldestReceivedAt(): number | undefined {
    let oldest: number | undefined
    for (const { receivedAt } of held()) oldest = Math.min(oldest ?? receivedAt, receivedAt)
    return oldest
  }

  /** Whatever is held for longer than a third of the deadline gets the whole of it again. */
  function extendLeases(): void {
    const since = clock.now() - extensionMs
    const ackIds: string[] = []
    for (const { ackId, receivedAt } of held()) if (receivedAt <= since) ackIds.push(ackId)
    puller.extend(ackIds)
  }

  async function stop() {
    puller.stop()
    stopSealing()
    // What is given back counts as a failed delivery: better that rows wait in their files.
    if (loading) gate.hurry()
    queue.push(...batcher.takeDue(Number.POSITIVE_INFINITY))
    await Promise.race([queue.idle(), sleep(clock, drainMs, givingUp.signal)])

    const rest = Array.from(held(), ({ ackId }) => ackId)
    const reason = new Error('the ingester stops')
    givingUp.abort(reason)
    gate.giveUp(reason)
    stopExtending()
    puller.giveBack(rest)
    // Pub/Sub may be away too; then leases end by themselves.
    const patience = new Promise<void>((resolve) => clock.after(farewellMs, resolve))
    await Promise.race([puller.close(), patience])
    return { landed: landedMessages, givenBack: rest.length }
  }

  return { health, stop }
}
