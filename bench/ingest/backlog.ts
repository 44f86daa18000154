import { setTimeout } from 'node:timers/promises'
import { grouped, table } from '../statistics.ts'
import { ingester } from './contestants.ts'
import type { Laboratory } from './laboratory.ts'

const mostMiB = 384
const reports = 10

/** The memory of an ingester that works off a backlog, ten times on its way, and the most it ever had. */
export async function measureBacklog(laboratory: Laboratory, events: number): Promise<string> {
  const name = `backlog-${Date.now()}`
  await laboratory.fill(name, events)
  const startedAt = performance.now()
  const client = laboratory.start(ingester, name)
  try {
    const rows = [['acknowledged', 'seconds', 'MiB', 'peak MiB']]
    for (;;) {
      const unacked = await laboratory.unacked(name)
      const acknowledged = events - unacked
      if (acknowledged >= (events / reports) * rows.length) {
        const { rss, peakRss } = await client.usage()
        const seconds = (performance.now() - startedAt) / 1000
        rows.push([grouped(acknowledged), seconds.toFixed(1), mebibytes(rss), mebibytes(peakRss)])
      }
      if (unacked === 0) break
      await setTimeout(50)
      // Nobody else would notice that it has ended.
      await client.usage()
    }
    const { peakRss } = await client.usage()
    const verdict = peakRss / 2 ** 20 < mostMiB ? 'held' : 'missed'
    return (
      `${table(rows)}\n\npeak RSS over ${grouped(events)} events: ${mebibytes(peakRss)} MiB; ` +
      `target under ${mostMiB} MiB: ${verdict}`
    )
  } finally {
    await client.kill()
    await laboratory.empty(name)
  }
}

function mebibytes(bytes: number): string {
  return grouped(bytes / 2 ** 20)
}
