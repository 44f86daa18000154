import { setTimeout } from 'node:timers/promises'
import { CommandError } from '../../local/command.ts'
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
  const { events, clients: count } = options
  const name = `bench-${Date.now()}`
  const bytesPerEvent = await laboratory.fill(name, events)
  const clients = Array.from({ length: count }, () => laboratory.start(contestant, name))
  try {
    const window = await watch(laboratory, name, clients, options)
    return { ...window, bytesPerEvent }
  } finally {
    for (const client of clients) await client.kill()
    await laboratory.empty(name)
  }
}

type Sample = {
  time: number
  busyMs: number
  unacked: number
  clients: Usage[]
  endpoints: Record<string, Usage>
}

async function watch(
  laboratory: Laboratory,
  name: string,
  clients: MeasuredProcess[],
  { events, seconds, warmUpSeconds }: MeasureOptions,
) {
  async function sample(): Promise<Sample> {
    const [unacked, usages, endpoints] = await Promise.all([
      laboratory.unacked(name),
      Promise.all(clients.map((client) => client.usage())),
      laboratory.endpointUsage(),
    ])
    return {
      time: performance.now(),
      busyMs: busyMs(clientCore),
      unacked,
      clients: usages,
      endpoints,
    }
  }

  await warmUp(laboratory, name, clients, { events, warmUpSeconds })
  const from = await sample()
  await untilUnacked(laboratory, name, clients, {
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
  laboratory: Laboratory,
  name: string,
  clients: MeasuredProcess[],
  { events, warmUpSeconds }: { events: number; warmUpSeconds: number },
): Promise<void> {
  await untilUnacked(laboratory, name, clients, { left: events - 1 })
  for (;;) {
    const usages = await Promise.all(clients.map((client) => client.usage()))
    const isWarm = Math.min(...cpuOf(usages)) >= warmUpSeconds * 1e6
    if (isWarm || (await laboratory.unacked(name)) <= events / 2) return
    await setTimeout(50)
  }
}

/** Waits until no more than that is left, or until a time. */
async function untilUnacked(
  laboratory: Laboratory,
  name: string,
  clients: MeasuredProcess[],
  { left, deadline = Infinity }: { left: number; deadline?: number },
): Promise<void> {
  let last = Infinity
  let changedAt = performance.now()
  for (;;) {
    const unacked = await laboratory.unacked(name)
    const now = performance.now()
    if (unacked <= left || now >= deadline) return
    if (unacked < last) changedAt = now
    last = unacked
    // One that has ended is an error here; whoever works must not be disturbed.
    if (now - changedAt > 1_000) await Promise.all(clients.map((client) => client.usage()))
    if (now - changedAt > patienceMs) {
      throw new CommandError(`nothing was acknowledged for a minute; ${unacked} events are left`)
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
