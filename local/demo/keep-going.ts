import { setTimeout } from 'node:timers/promises'
import { join } from 'node:path'
import { grouped } from '../generator/tally.ts'
import type { Producer } from './producer.ts'
import { countRows } from './read-tables.ts'
import { runDataform } from './run-dataform.ts'
import type { Child } from './start-child.ts'
import type { OpenCloud } from './open-cloud.ts'

export type Going = {
  cloud: OpenCloud
  producer: Producer
  ingester: Child
  perSecond: number
  logs: string
}

const pause = 30_000
const tables = ['orders', 'inventory', 'user_activity', 'rejected_events']

/** A slow stream of events, and Dataform every 30 seconds, until it is called off or something fails. */
export async function keepGoing(
  { cloud, producer, ingester, perSecond, logs }: Going,
  signal: AbortSignal,
): Promise<void> {
  const calledOff = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const streaming = producer.stream(perSecond, signal)
  const running = (async () => {
    for (;;) {
      await setTimeout(pause, undefined, { signal })
      await runDataform(cloud, ['run'], join(logs, 'dataform-keep.log'))
      const counts = await Promise.all(tables.map((table) => countRows(`events.${table}`)))
      const time = new Date().toTimeString().slice(0, 8)
      const rows = tables.map((table, index) => `${table} ${grouped(counts[index] ?? 0)}`)
      console.log(`${time}  ${grouped(producer.tally.messages)} published  ${rows.join('  ')}`)
    }
  })()
  await Promise.race([calledOff, streaming, running, ingester.failure])
}
