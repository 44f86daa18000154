import type { Event, Message } from './event.ts'

/** The messages that are held, from their arrival until Pub/Sub is told what became of them. */
export type Leases = {
  hold(event: Event): void
  /**
   * Whether the message is held already. Then it came again because its lease lapsed, or because
   * Pub/Sub may do that at any time: both deliveries have one fate, and it is not landed twice.
   */
  renew(message: Message): boolean
  /** Ends the leases of these events; the answer are the ack ids of all their deliveries. */
  end(events: Iterable<Event>): string[]
  /** The ack ids of all that has been held since that time or longer. */
  heldSince(time: number): string[]
  /** When the message that is held for the longest was received. */
  oldestReceivedAt(): number | undefined
  all(): Iterable<Event>
}

export function createLeases(): Leases {
  // A Map keeps the order of insertion: the first entry is held for the longest.
  const held = new Map<string, Event>()
  /** The ack ids of later deliveries; there are hardly ever any. */
  const renewals = new Map<string, string[]>()

  function addAckIds({ messageId, ackId }: Event, ackIds: string[]): void {
    ackIds.push(ackId)
    if (renewals.size > 0) ackIds.push(...(renewals.get(messageId) ?? []))
  }

  return {
    hold: (event) => void held.set(event.messageId, event),
    renew({ messageId, ackId }) {
      if (!held.has(messageId)) return false
      renewals.set(messageId, [...(renewals.get(messageId) ?? []), ackId])
      return true
    },
    end(events) {
      const ackIds: string[] = []
      for (const event of events) {
        addAckIds(event, ackIds)
        held.delete(event.messageId)
        if (renewals.size > 0) renewals.delete(event.messageId)
      }
      return ackIds
    },
    heldSince(time) {
      const ackIds: string[] = []
      for (const event of held.values()) {
        if (event.receivedAt > time) break
        addAckIds(event, ackIds)
      }
      return ackIds
    },
    oldestReceivedAt: () => held.values().next().value?.receivedAt,
    all: () => held.values(),
  }
}
