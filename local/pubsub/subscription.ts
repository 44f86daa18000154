import type { Filter } from './filter.ts'
import { attributesOf } from './message-fields.ts'
import { endOf, messageAt, type MessageLog, type Position, type Segment } from './message-log.ts'
import { createQueue, type Queue } from './queue.ts'
import type { Alarms } from './alarms.ts'
import type { SubscriptionMessage } from './messages.ts'

/** A message that has been handed out at least once and is not acknowledged. */
export type Delivery = {
  segment: Segment
  index: number
  size: number
  /** What the newest ack id stands for. */
  ackNumber: number
  attempt: number
  state: 'leased' | 'waiting' | 'settled'
  /** When the lease ends; only of leased ones. */
  deadline: number
  receiver: Receiver | undefined
  lane: Lane | undefined
}

/**
 * The messages of one ordering key. A run of them is out at a time, all in one answer; the next run starts
 * when the whole run is acknowledged.
 */
export type Lane = {
  key: string
  queue: Queue<Delivery>
  run: Delivery[]
  /** The answer that the run belongs to. */
  batch: Delivery[] | undefined
  /** How many of the run are still leased. */
  open: number
  /** When its back-off after a failure ends. */
  notBefore: number
}

/** A streaming pull, or a pull that waits. */
export type Receiver = {
  leaseMs: number
  maxMessages: number
  maxBytes: number
  outstanding: number
  outstandingBytes: number
  /** False while the connection cannot take more. */
  isReady(): boolean
  send(deliveries: Delivery[]): void
  /** The subscription is gone or detached. */
  end(error: Error): void
}

/** How a subscription behaves, derived from its resource. */
export type Settings = {
  leaseMs: number
  retentionMs: number
  retainAcked: boolean
  ordered: boolean
  exactlyOnce: boolean
  filter: Filter | undefined
  retry: { minimumMs: number; maximumMs: number } | undefined
  deadLetter: { topic: string; maxAttempts: number } | undefined
}

export type Subscription = {
  resource: SubscriptionMessage
  settings: Settings
  /** What it still reads; undefined once it is detached. */
  log: MessageLog | undefined
  /** Messages that a seek brought back, to be read before `next`. */
  replay: Queue<Position>
  /** The next message of the log that was never handed out. */
  next: Position
  /** Where the acknowledged messages begin that a seek may bring back. */
  retained: Position | undefined
  /** Leased ones, and failed ones until they are handed out again, by ack number. */
  deliveries: Map<number, Delivery>
  returned: Queue<Delivery>
  lanes: Map<string, Lane>
  readyLanes: Queue<Lane>
  /** Messages that were read and are not acknowledged. */
  unsettled: number
  outstanding: number
  receivers: Receiver[]
  /** Which receiver is served first. */
  turn: number
  pumping: boolean
  lapseCheckAt: number
}

/** What deliveries need of the world around their subscription. */
export type DeliveryContext = {
  alarms: Alarms
  nextAckNumber(): number
  /** Hands out what can be handed out, soon. */
  wake(subscription: Subscription): void
  /** Forwards a message to a dead-letter topic; false where that topic is gone. */
  deadLetter(subscription: Subscription, delivery: Delivery): boolean
}

/** Starts behind the last message of its topic, as Google's do. */
export function createSubscription(
  resource: SubscriptionMessage,
  settings: Settings,
  log: MessageLog,
): Subscription {
  return {
    resource,
    settings,
    log,
    replay: createQueue(),
    next: endOf(log),
    retained: settings.retainAcked ? endOf(log) : undefined,
    deliveries: new Map(),
    returned: createQueue(),
    lanes: new Map(),
    readyLanes: createQueue(),
    unsettled: 0,
    outstanding: 0,
    receivers: [],
    turn: 0,
    pumping: false,
    lapseCheckAt: Infinity,
  }
}

export function publishedAt({ segment, index }: Position): number {
  return segment.publishedAt[index] ?? 0
}

/** Whether the filter lets the message through. */
export function isSelected({ filter }: Settings, position: Position): boolean {
  return filter === undefined || filter(attributesOf(messageAt(position)))
}
