import { decodeLine } from '../ingest/decode-line.ts'
import type { Event, Message } from '../ingest/event.ts'

/** The messages of these ids, as they were published, from the content of a file; others are left out. */
export function readMessages(
  content: Buffer,
  objectName: string,
  messageIds: ReadonlySet<string>,
): Map<string, Message> {
  const messages = new Map<string, Message>()
  for (const line of content.toString().split('\n')) {
    const id = messageIdOf(line)
    if (id === undefined || !messageIds.has(id) || messages.has(id)) continue
    const event = eventOf(line, objectName)
    const data = event?.payload ?? event?.rawPayload
    if (!event || !data) continue
    const { publishTime, attributes } = event
    messages.set(id, { ackId: '', messageId: id, publishTime, attributes, data })
  }
  return messages
}

/** Undefined for a line that is not as the ingester wrote it: one such takes no other along. */
function eventOf(line: string, objectName: string): Event | undefined {
  try {
    return decodeLine(line, objectName)
  } catch {
    return undefined
  }
}

/** The first field of each line; the others need not be read of most lines. */
function messageIdOf(line: string): string | undefined {
  const id = /^\{"message_id":("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
  return id === undefined ? undefined : JSON.parse(id)
}
