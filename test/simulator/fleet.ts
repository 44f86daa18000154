import type { Clock } from '../../ingest/clock.ts'
import {
  startIngester,
  type Ingester,
  type IngesterOptions,
  type Surroundings,
} from '../../ingest/ingester.ts'
import { createInstance, disturb, hinder, type Instance } from './instance.ts'
import type { World } from './world.ts'

export type Fleet = {
  /** Starts all instances; those that end are started again. */
  start(connect: (instance: Instance) => Connections): void
  /** Perhaps a crash, a SIGTERM, a stall or another time for this instance. */
  interrupt(instance: Instance): void
  alive(): Instance[]
  mostHeld(): number
  /** SIGTERM for one of them, which is started again. */
  stopOne(): void
  /** Ends all for good, by SIGTERM. */
  stop(): void
}

/** What an instance reaches of the world, apart from time and chance. */
export type Connections = Pick<Surroundings, 'subscription' | 'store' | 'table' | 'loading'>

/** Cloud Run's patience after SIGTERM. */
const killAfterMs = 10_000
/** Two ways to Pub/Sub and back. */
const stopOverheadMs = 1_500
/** Enough for a batch, whatever names are taken already. */
const easyDrainMs = 7_000
const longestSkewMs = 600_000

/** Instances of the real ingester, each with a clock of its own, that end in every way. */
export function createFleet(world: World, size: number, options: IngesterOptions): Fleet {
  const { scheduler, chance, faults, note, violate } = world
  const alive = new Set<Instance>()
  let connect: ((instance: Instance) => Connections) | undefined
  let starts = 0
  let isOver = false
  let mostHeld = 0

  function begin(): void {
    if (isOver || !connect) return
    const skewMs = chance.happens(0.5) ? chance.integer(-longestSkewMs, longestSkewMs) : 0
    const instance = createInstance(`ingester ${++starts}`, skewMs)
    alive.add(instance)
    note(() => `${instance.name} starts, its clock ${skewMs} ms ahead`)
    instance.ingester = startIngester(
      {
        ...connect(instance),
        clock: clockOf(instance),
        random: chance.next,
        log: (severity, message, fields) =>
          note(
            () => `${instance.name} logs ${severity} ${message} ${JSON.stringify(fields ?? {})}`,
          ),
      },
      options,
    )
  }

  function clockOf(instance: Instance): Clock {
    const startOfClock = scheduler.now()
    return {
      now: () => scheduler.now() + instance.skewMs,
      elapsed: () => scheduler.now() - startOfClock,
      after: (ms, action) => scheduler.after(ms, action, instance),
    }
  }

  function die(instance: Instance, how: string): void {
    if (!instance.isAlive) return
    note(() => `${instance.name} ${how}`)
    instance.isAlive = false
    alive.delete(instance)
    scheduler.after(chance.integer(0, 20_000), begin)
  }

  function terminate(instance: Instance): void {
    const { ingester } = instance
    if (instance.isStopping || !ingester) return
    instance.isStopping = true
    note(() => `${instance.name} gets SIGTERM`)
    const since = scheduler.now()
    const { drainMs, concurrentLandings } = options
    const isEasy = drainMs >= easyDrainMs && instance.held.size <= concurrentLandings
    void stopped(instance, ingester, isEasy)
    scheduler.after(killAfterMs, () => {
      if (instance.isAlive) isLate(instance, since)
      die(instance, 'is killed')
    })
  }

  async function stopped(instance: Instance, ingester: Ingester, isEasy: boolean): Promise<void> {
    const since = scheduler.now()
    const { givenBack } = await ingester.stop()
    if (isEasy && instance.hinderedUntil < since && givenBack > 0) {
      violate('stop', `${instance.name} gives ${givenBack} back that it had the time to land`)
    }
    if (scheduler.now() - since > options.drainMs + stopOverheadMs) isLate(instance, since)
    if (instance.held.size > 0) {
      violate(
        'stop',
        `${instance.name} ends without an answer to ${[...instance.held.values()].flatMap((ackIds) => [...ackIds])}`,
      )
    }
    die(instance, 'ends')
  }

  function isLate(instance: Instance, since: number): void {
    if (instance.disturbedUntil >= since) return
    violate('stop', `${instance.name} has not ended in time after SIGTERM`)
  }

  function interrupt(instance: Instance): void {
    if (!instance.isAlive) return
    mostHeld = Math.max(mostHeld, instance.held.size)
    if (faults.strikes('crash')) return die(instance, 'crashes')
    if (faults.strikes('stall')) {
      instance.stalledUntil = scheduler.now() + chance.integer(1_000, 20_000)
      disturb(instance, instance.stalledUntil)
      hinder(instance, instance.stalledUntil)
      note(() => `${instance.name} stalls`)
    }
    if (faults.strikes('clock set')) {
      instance.skewMs = chance.integer(-longestSkewMs, longestSkewMs)
      note(() => `the clock of ${instance.name} is set ${instance.skewMs} ms ahead`)
    }
    if (!instance.isStopping && faults.strikes('SIGTERM')) terminate(instance)
  }

  return {
    interrupt,
    alive: () => [...alive],
    mostHeld: () => mostHeld,
    start(given) {
      connect = given
      for (let slot = 0; slot < size; slot++) begin()
    },
    stopOne() {
      const instance = chance.anyOf([...alive])
      if (instance) terminate(instance)
    },
    stop() {
      isOver = true
      for (const instance of alive) terminate(instance)
    },
  }
}
