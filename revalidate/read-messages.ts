import { eventOfLine } from '../ingest/decode-line.ts'
import type { Message } from '../ingest/event.ts'

/** The messages of these ids, as they were published, from the content of a file; others are left out. */
export function readMessages(
  content: Buffer,
  objectName: string,
  messageIds: ReadonlySet<string>,
): Map<string, Message> {
  const messages = new Map<string, Message>()
  for (const line of content.toString().split('\n')) {
    const id = messageIdOf(line)
    if (id === undefined || !messageIds.has(id)) continue
    const event = eventOfLine(line, objectName)
    const data = event?.payload ?? event?.rawPayload
    if (!event || !data) continue
    const { publishTime, attributes } = event
    messages.set(id, { ackId: '', messageId: id, publishTime, attributes, data })
  }
  return messages
}

/** The first field of each line; the others need not be read of most lines. */
function messageIdOf(line: string): string | undefined {
  const id = /^\{"message_id":("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
  return id === undefined ? undefined : JSON.parse(id)
}
