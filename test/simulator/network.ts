import type { Service } from './faults.ts'
import { disturb, hinder, type Instance } from './instance.ts'
import type { World } from './world.ts'

/** A call of an instance to a service; `effect` is what the service does, at one moment. */
export type Call<T> = {
  caller: Instance
  service: Service
  what: () => string
  effect: () => T
  /** The effect will have happened, but the caller is told that it failed. */
  onLostReply?: () => void
}

export type Network = {
  call<T>(call: Call<T>): Promise<T>
  /** May end an instance at this moment: between any two steps of whatever it does. */
  interrupt: (instance: Instance) => void
  /** Calls whose effect is still to come. */
  underWay(): number
}

const clientTimeoutMs = 60_000
const longestBackOffMs = 30_000

/** Carries calls, and lets each fail in every way that a network and a service know. */
export function createNetwork(world: World, interrupt: Network['interrupt']): Network {
  const { chance, scheduler, faults, note } = world
  let underWay = 0

  function latency(caller: Instance): number {
    if (!faults.strikes('slow call')) return chance.integer(1, 300)
    const ms = chance.integer(1_000, 30_000)
    hinder(caller, scheduler.now() + ms)
    return ms
  }

  function arrive<T>({ service, effect, what }: Call<T>): T {
    underWay--
    const result = effect()
    note(() => `${service}: ${what()} is done`)
    return result
  }

  function call<T>(made: Call<T>): Promise<T> {
    const { caller, service, what, onLostReply } = made
    underWay++
    return new Promise<T>((resolve, reject) => {
      function reply(afterMs: number, answer: () => void): void {
        scheduler.after(
          afterMs,
          () => {
            answer()
            scheduler.after(0, () => interrupt(caller), caller)
          },
          caller,
        )
      }

      function fail(afterMs: number, reason: string): void {
        if (service === 'Pub/Sub') disturb(caller, scheduler.now() + afterMs)
        hinder(caller, scheduler.now() + afterMs + longestBackOffMs)
        reply(afterMs, () => {
          note(() => `${caller.name} is told that ${what()} failed: ${reason}`)
          reject(new Error(`${service}: ${reason}`))
        })
      }

      const travel = latency(caller)
      const lateBy = faults.strikes('effect after the error')
        ? chance.integer(1, 30_000)
        : undefined
      scheduler.after(0, () => interrupt(caller), caller)
      if (travel >= 1_000 && service === 'Pub/Sub') disturb(caller, scheduler.now() + travel)
      if (lateBy !== undefined) {
        onLostReply?.()
        fail(travel, 'timed out')
        if (service === 'Pub/Sub') disturb(caller, scheduler.now() + travel + lateBy)
        scheduler.after(travel + lateBy, () => void arrive(made))
        return
      }
      scheduler.after(travel, () => {
        const outage = faults.outageOf(service, scheduler.now())
        if (outage || faults.strikes('error before the effect')) {
          underWay--
          return fail(outage?.hangs ? clientTimeoutMs : latency(caller), 'unavailable')
        }
        const result = arrive(made)
        scheduler.after(0, () => interrupt(caller), caller)
        if (faults.strikes('reply lost after the effect')) {
          onLostReply?.()
          return fail(chance.pick([latency(caller), clientTimeoutMs]), 'connection reset')
        }
        reply(latency(caller), () => resolve(result))
      })
    })
  }

  return { call, interrupt, underWay: () => underWay }
}
