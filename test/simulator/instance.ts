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
  /** What it has received and not answered, by ack id. */
  held: Map<string, StoredMessage>
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

/** What it lands before `until` may have to be tried again. */
export function hinder(instance: Instance, until: number): void {
  instance.hinderedUntil = Math.max(instance.hinderedUntil, until)
}

/** A lapse of a lease that began before `until` has its reason. */
export function disturb(instance: Instance, until: number): void {
  instance.disturbedUntil = Math.max(instance.disturbedUntil, until)
}
