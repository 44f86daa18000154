import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { BigQuery } from '@google-cloud/bigquery'
import { drain } from '../../local/demo/drain.ts'
import { bucket, projectId, rawTable } from '../../local/demo/names.ts'
import type { Producer } from '../../local/demo/producer.ts'
import type { Cluster } from './start-cluster.ts'

const recoveryMs = 120_000

/** Waits until nothing is left in Pub/Sub and no file waits to be loaded; what then is left is a problem. */
export async function landAll(
  { pubsubAddress, storageFolder }: Cluster,
  { truth }: Producer,
  tell: (what: string) => void,
): Promise<string[]> {
  const signal = AbortSignal.timeout(recoveryMs)
  const say = atMostEvery(5_000, tell)
  let left = 'messages'
  try {
    if (pubsubAddress) {
      await drain(pubsubAddress, (unacked) => say((left = `${unacked} messages`)), signal)
    }
    for (;;) {
      const waiting = await countPending(storageFolder)
      const missing = pubsubAddress ? 0 : await countMissing(truth)
      if (waiting + missing === 0) return []
      say((left = `${missing} messages and ${waiting} files`))
      await setTimeout(500, undefined, { signal })
    }
  } catch (error) {
    if (!signal.aborted) throw error
    return [`${left} are still to land ${recoveryMs / 1000} s after the last fault`]
  }
}

function atMostEvery<T>(ms: number, action: (value: T) => void): (value: T) => void {
  let last = -ms
  return (value) => {
    if (performance.now() - last < ms) return
    last = performance.now()
    action(value)
  }
}

async function countPending(storageFolder: string): Promise<number> {
  const notes = glob('pending/output/**/*.json', { cwd: join(storageFolder, bucket) })
  return (await Array.fromAsync(notes)).length
}

async function countMissing({ size }: Producer['truth']): Promise<number> {
  const [[row]] = await new BigQuery({ projectId })
    .query(`select count(distinct message_id) as landed
    from ${rawTable}
    where ingest_time >= timestamp '2000-01-01'`)
  return size - Number(row.landed)
}
