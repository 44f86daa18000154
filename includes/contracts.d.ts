/** As much of JSON Schema as the contracts use. */
export type Schema = {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number'
  description: string
  const?: string
  enum?: string[]
  /** `uuid`, or `timestamp`: RFC 3339 with `Z` or an offset. */
  format?: 'uuid' | 'timestamp'
  minimum?: number
  maximum?: number
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
}

/** What an event of one type must look like, what tells it from others and where it ends up. */
export type Contract = {
  eventType: 'order' | 'inventory' | 'user_activity'
  table: 'orders' | 'inventory' | 'user_activity'
  /** Paths of the fields that together are the event's identity: `metadata.session_id`. */
  identity: string[]
  /** The field that holds the event's own time. */
  eventTime: 'order_date' | 'timestamp'
  schema: Schema & { type: 'object'; required: string[]; properties: Record<string, Schema> }
}

export const order: Contract
export const inventory: Contract
export const user_activity: Contract
