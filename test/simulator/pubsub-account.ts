import type { StreamHandlers, StreamRequest } from '../../ingest/streaming-pull.ts'
import { hold, letGo, type Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { Lease } from './pubsub-stream.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

/** What instances were given and what they said of it. */
export type Account = {
  given(instance: Instance, delivered: Lease[], handlers: StreamHandlers): void
  said(instance: Instance, request: StreamRequest): void
  answered(instance: Instance, ackIds: string[], isAcknowledgement: boolean): void
}

export type AccountOptions = Pick<Network, 'interrupt'> & {
  flow: { maxMessages: number; maxBytes: number }
  hasLanded(messageId: string): boolean
  messageOf(ackId: string): StoredMessage | undefined
}

/** Holds instances to account: what has not landed is not acknowledged, and nobody takes more than it may hold. */
export function keepAccount(
  { scheduler, note, violate }: World,
  { flow, hasLanded, interrupt, messageOf }: AccountOptions,
): Account {
  /** What an instance says is held to account when it says it, whether or not it arrives. */
  function answered(instance: Instance, ackIds: string[], isAcknowledgement: boolean): void {
    for (const ackId of ackIds) {
      const message = messageOf(ackId)
      if (!message) continue
      if (isAcknowledgement && !hasLanded(message.id)) {
        violate('I1', `${instance.name} acknowledges ${ackId}, which has not landed`)
      }
      letGo(instance, message, ackId)
    }
    scheduler.after(0, () => interrupt(instance), instance)
  }

  function said(instance: Instance, request: StreamRequest): void {
    const { ackIds = [], modifyDeadlineAckIds = [], modifyDeadlineSeconds = [] } = request
    if (ackIds.length > 0) note(() => `${instance.name} acknowledges ${ackIds.join(' ')}`)
    if (modifyDeadlineAckIds.length > 0) {
      note(() => `${instance.name} extends the leases of ${modifyDeadlineAckIds.join(' ')}`)
    }
    answered(instance, ackIds, true)
    const givenBack = modifyDeadlineAckIds.filter((_, index) => modifyDeadlineSeconds[index] === 0)
    answered(instance, givenBack, false)
  }

  function given(instance: Instance, delivered: Lease[], { onMessages }: StreamHandlers): void {
    const { held, heldBytes, isStopping, name } = instance
    note(() => `${name} receives ${textOf(delivered)}`)
    if (!isStopping && (held.size >= flow.maxMessages || heldBytes >= flow.maxBytes)) {
      violate('I7', `${name} takes more, holding ${held.size} messages of ${heldBytes} bytes`)
    }
    for (const { ackId, message } of delivered) hold(instance, message, ackId)
    onMessages(
      delivered.map(({ ackId, message: { id, publishTime, publication } }) => ({
        ackId,
        messageId: id,
        publishTime,
        attributes: publication.attributes,
        data: publication.data,
      })),
    )
    scheduler.after(0, () => interrupt(instance), instance)
  }

  return { given, said, answered }
}

/** The ack ids of leases. */
export function textOf(leases: Lease[]): string {
  return leases.map(({ ackId }) => ackId).join(' ')
}
