/** What the shop's backend says, as the contracts in includes/ describe it. */
export type OrderEvent = {
  event_type: 'order'
  order_id: string
  customer_id: string
  order_date: string
  status: OrderStatus
  items: OrderItem[]
  shipping_address: Address
  total_amount: number
}

export type OrderStatus = 'pending' | 'processing' | 'shipped' | 'delivered'

export type OrderItem = {
  product_id: string
  product_name: string
  quantity: number
  price: number
}

export type Address = { street: string; city: string; country: string }

export type InventoryEvent = {
  event_type: 'inventory'
  inventory_id: string
  product_id: string
  warehouse_id: string
  quantity_change: number
  reason: 'restock' | 'sale' | 'return' | 'damage'
  timestamp: string
}

export type ActivityEvent = {
  event_type: 'user_activity'
  user_id: string
  activity_type: 'login' | 'logout' | 'view_product' | 'add_to_cart' | 'remove_from_cart'
  ip_address: string
  user_agent: string
  timestamp: string
  metadata: { session_id: string; platform: Platform }
}

export type Platform = 'web' | 'mobile' | 'tablet'

export type ShopEvent = OrderEvent | InventoryEvent | ActivityEvent

/** An event and the moment, in milliseconds since 1970, at which it happened in the shop. */
export type TimedEvent = { time: number; event: ShopEvent }

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour
