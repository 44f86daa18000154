import type { Batch } from './batcher.ts'
import type { Landed } from './land-batch.ts'
import type { Log } from './log.ts'

/** One line for a batch: where it is and how much, never what. */
export function logLanded(log: Log, batch: Batch, landed: Landed): void {
  const { objectName, isPending, refused, fileMs, rowsMs } = landed
  log('INFO', 'landed', {
    event_type: batch.eventType,
    object_name: objectName,
    batch_id: batch.id,
    lines: batch.events.length,
    bytes: batch.bytes,
    rejected: batch.events.filter(({ errors }) => errors.length > 0).length,
    refused,
    pending: isPending,
    file_ms: fileMs,
    rows_ms: rowsMs,
  })
}
