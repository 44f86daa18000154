import { setTimeout } from 'node:timers/promises'
import { CommandError } from '../../command/command.ts'
import { busyMs } from '../machine.ts'
import type { MeasuredProcess, Usage } from '../measured-process.ts'
import type { Contestant } from './contestants.ts'
import { clientCore, type Laboratory } from './laboratory.ts'

/** What clients did in a window of time in which all were warm and none was short of events. */
export type Measurement = {
  eventsPerSecond: number
  /** CPU time of all clients together, for an event. */
  microsPerEvent: number
  /** Share of a core, 1 being all of it. */
  clientShare: number
  endpointShares: Record<string, number>
  /** Share of the clients' core that neither they had nor anybody: what other programs took. */
  othersShare: number
  /** The most of any client. */
  peakRss: number
  bytesPerEvent: number
}

export type MeasureOptions = {
  clients: number
  events: number
  /** Over how many subscriptions clients and events are spread: one, when absent. */
  subscriptions?: number
  seconds: number
  /** CPU time of each client. */
  warmUpSeconds: number
}

/** A client that lands nothing for this long will not land anything. */
const patienceMs = 60_000

/** Fills a backlog, lets clients work on it, and measures what they do after the warm-up. */
export async function measure(
  laboratory: Laboratory,
  contestant: Contestant,
  options: MeasureOptions,
): Promise<Measurement> {
  const { events, clients: count, subscriptions = 1 } = options
  const names = Array.from({ length: subscriptions }, (_, index) => `bench-${Date.now()}-${index}`)
  let bytesPerEvent = 0
  for (const name of names) {
    bytesPerEvent = await laboratory.fill(name, Math.ceil(events / subscriptions))
  }
  const clients = Array.from({ length: count }, (_, index) =>
    laboratory.start(contestant, names[index % subscriptions] ?? ''),
  )
  const unacked: Unacked = async () => sum(await Promise.all(names.map(laboratory.unacked)))
  try {
    const window = await watch(laboratory, unacked, clients, options)
    return { ...window, bytesPerEvent }
  } finally {
    for (const client of clients) await client.kill()
    for (const name of names) await laboratory.empty(name)
  }
}

/** How many events nobody has acknowledged yet. */
type Unacked = () => Promise<number>

type Sample = {
  time: number
  busyMs: number
  unacked: number
  clients: Usage[]
  endpoints: Record<string, Usage>
}

async function watch(
  laboratory: Laboratory,
  unacked: Unacked,
  clients: MeasuredProcess[],
  { events, seconds, warmUpSeconds }: MeasureOptions,
) {
  async function sample(): Promise<Sample> {
    const [left, usages, endpoints] = await Promise.all([
      unacked(),
      Promise.all(clients.map((client) => client.usage())),
      laboratory.endpointUsage(),
    ])
    return {
      time: performance.now(),
      busyMs: busyMs(clientCore),
      unacked: left,
      clients: usages,
      endpoints,
    }
  }

  await warmUp(unacked, clients, { events, warmUpSeconds })
  const from = await sample()
  await untilUnacked(unacked, clients, {
    left: events * 0.05,
    deadline: from.time + seconds * 1000,
  })
  const to = await sample()

  const done = from.unacked - to.unacked
  const wallMs = to.time - from.time
  const cpuMicros = sum(cpuOf(to.clients)) - sum(cpuOf(from.clients))
  const share = (after: Usage, before: Usage | undefined) =>
    (after.cpuMicros - (before?.cpuMicros ?? 0)) / 1000 / wallMs
  return {
    eventsPerSecond: (done / wallMs) * 1000,
    microsPerEvent: cpuMicros / done,
    clientShare: cpuMicros / 1000 / wallMs,
    othersShare: Math.max(0, (to.busyMs - from.busyMs - cpuMicros / 1000) / wallMs),
    endpointShares: Object.fromEntries(
      Object.entries(to.endpoints).map(([endpoint, usage]) => [
        endpoint,
        share(usage, from.endpoints[endpoint]),
      ]),
    ),
    peakRss: Math.max(...to.clients.map(({ peakRss }) => peakRss)),
  }
}

/**
 * Code is warm by the time it has run, not by the clock: on a busy machine that takes longer. But the
 * warm-up leaves half of the backlog to measure.
 */
async function warmUp(
  unacked: Unacked,
  clients: MeasuredProcess[],
  { events, warmUpSeconds }: { events: number; warmUpSeconds: number },
): Promise<void> {
  await untilUnacked(unacked, clients, { left: events - 1 })
  for (;;) {
    const usages = await Promise.all(clients.map((client) => client.usage()))
    const isWarm = Math.min(...cpuOf(usages)) >= warmUpSeconds * 1e6
    if (isWarm || (await unacked()) <= events / 2) return
    await setTimeout(50)
  }
}

/** Waits until no more than that is left, or until a time. */
async function untilUnacked(
  unacked: Unacked,
  clients: MeasuredProcess[],
  { left, deadline = Infinity }: { left: number; deadline?: number },
): Promise<void> {
  let last = Infinity
  let changedAt = performance.now()
  for (;;) {
    const now = await unacked()
    const at = performance.now()
    if (now <= left || at >= deadline) return
    if (now < last) changedAt = at
    last = now
    // One that has ended is an error here; whoever works must not be disturbed.
    if (at - changedAt > 1_000) await Promise.all(clients.map((client) => client.usage()))
    if (at - changedAt > patienceMs) {
      throw new CommandError(`nothing was acknowledged for a minute; ${now} events are left`)
    }
    await setTimeout(20)
  }
}

function cpuOf(usages: Usage[]): number[] {
  return usages.map(({ cpuMicros }) => cpuMicros)
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
