import type { Ingester } from '../../ingest/ingester.ts'
import type { StoredMessage } from './stored-message.ts'

/** One process of the ingester, as the world sees it. */
export type Instance = {
  name: string
  isAlive: boolean
  stalledUntil: number
  /** Until when a fault may keep what it says from Pub/Sub; later it is to be relied on. */
  disturbedUntil: number
  /** Until when a fault may keep it from landing anything. */
  hinderedUntil: number
  /** Its clock, less the true time. */
  skewMs: number
  isStopping: boolean
  /** What it has received and not answered: the ack ids of each message. */
  held: Map<StoredMessage, Set<string>>
  heldBytes: number
  ingester: Ingester | undefined
}

export function createInstance(name: string, skewMs: number): Instance {
  return {
    name,
    isAlive: true,
    stalledUntil: 0,
    disturbedUntil: 0,
    hinderedUntil: 0,
    skewMs,
    isStopping: false,
    held: new Map(),
    heldBytes: 0,
    ingester: undefined,
  }
}

/** It has received this delivery of a message. */
export function hold(instance: Instance, message: StoredMessage, ackId: string): void {
  const ackIds = instance.held.get(message)
  if (ackIds) return void ackIds.add(ackId)
  instance.held.set(message, new Set([ackId]))
  instance.heldBytes += message.publication.data.length
}

/** It has said what became of this delivery. */
export function letGo(instance: Instance, message: StoredMessage, ackId: string): void {
  const ackIds = instance.held.get(message)
  if (!ackIds?.delete(ackId) || ackIds.size > 0) return
  instance.held.delete(message)
  instance.heldBytes -= message.publication.data.length
}

/** What it lands before `until` may have to be tried again. */
export function hinder(instance: Instance, until: number): void {
  instance.hinderedUntil = Math.max(instance.hinderedUntil, until)
}

/** A lapse of a lease that began before `until` has its reason. */
export function disturb(instance: Instance, until: number): void {
  instance.disturbedUntil = Math.max(instance.disturbedUntil, until)
}
