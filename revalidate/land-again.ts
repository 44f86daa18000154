import { batchIdOf, type Batch } from '../ingest/batcher.ts'
import type { Event } from '../ingest/event.ts'
import { createFileLander, type ObjectStore, type Persist } from '../ingest/land-file.ts'
import { landRows, type RowTable } from '../ingest/land-rows.ts'
import { folderOf } from '../ingest/object-name.ts'

/** Both places of a landing, with the patience that each asks for. */
export type Places = {
  store: ObjectStore
  table: RowTable
  persistFile: Persist
  persistRows: Persist
}

const mostEvents = 2_000

/**
 * Makes the function that lands events of one publish minute again, file first, under the same
 * message ids and times. A file that an earlier attempt left without its rows is taken up.
 */
export function createSecondLanding(places: Places): (events: Event[]) => Promise<void> {
  const { store, table, persistFile, persistRows } = places
  const landFile = createFileLander(store)

  async function fileOf(batch: Batch): Promise<string> {
    const folder = folderOf(batch.eventType, batch.minute)
    for (const name of await persistFile(() => store.list(folder))) {
      if ((await persistFile(() => store.batchIdOf(name))) === batch.id) return name
    }
    return await landFile(batch, persistFile)
  }

  return async (events) => {
    for (const batch of batchesOf(events)) {
      await landRows(batch.events, await fileOf(batch), table, persistRows)
    }
  }
}

/** The same batches for the same events, so that an attempt finds what another left. */
function batchesOf(events: Event[]): Batch[] {
  const again = events
    .map((event): Event => ({ ...event, source: 'revalidated' }))
    .toSorted((one, other) => (one.messageId < other.messageId ? -1 : 1))
  const types = Map.groupBy(again, ({ eventType }) => eventType)
  return [...types.values()].flatMap((ofType) =>
    Array.from({ length: Math.ceil(ofType.length / mostEvents) }, (_, index) =>
      batchOf(ofType.slice(index * mostEvents, (index + 1) * mostEvents)),
    ),
  )
}

function batchOf(events: Event[]): Batch {
  const [first] = events
  if (!first) throw new Error('a batch has at least one event')
  const ids = events.map(({ messageId }) => messageId)
  return {
    id: batchIdOf(ids, first.source),
    eventType: first.eventType,
    minute: first.publishTime.slice(0, 16),
    events,
    bytes: events.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
