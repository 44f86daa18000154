import { setTimeout } from 'node:timers/promises'
import { openBacklogReader } from '../pubsub/read-backlog.ts'
import { projectId, subscription } from './names.ts'

/** Waits until every message is acknowledged; tells in between how many are not. */
export async function drain(
  pubsubAddress: string,
  tell: (unacked: number) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const reader = openBacklogReader(pubsubAddress)
  try {
    for (;;) {
      const { unacked } = await reader.read(`projects/${projectId}/subscriptions/${subscription}`)
      if (unacked === 0) return
      tell(unacked)
      await setTimeout(100, undefined, signal && { signal })
    }
  } finally {
    reader.close()
  }
}
