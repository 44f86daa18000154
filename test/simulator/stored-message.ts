import type { Publication } from './messages.ts'

/** A message as Pub/Sub has it. */
export type StoredMessage = {
  id: string
  publishTime: string
  publication: Publication
  isAcknowledged: boolean
  /** To be delivered as soon as somebody has room for it. */
  isWaiting: boolean
  deliveries: number
  /** Deliveries and lost answers: each of them may make one more row. */
  causesOfRows: number
}
