import type { Product } from './catalogue.ts'
import { hour, type InventoryEvent, type TimedEvent } from './event.ts'
import type { Random } from './random.ts'
import { timestamp } from './timestamp.ts'

type Reason = InventoryEvent['reason']

export type Stock = {
  /** Fills the shelves of a product that was never sold before; nothing for all others. */
  open(product: Product, time: number): Iterable<TimedEvent>
  /** Takes as many as there are from the fullest warehouse; the caller sees in `sold` how many. */
  sell(product: Product, wanted: number, time: number): { sold: number; events: TimedEvent[] }
  takeBack(product: Product, quantity: number, time: number): TimedEvent
}

const low = 10
/** No event may change the stock by more. */
const mostAtOnce = 100

/**
 * Shelves that are never below zero. A sale that leaves few behind orders more, which arrives hours later
 * and is at least what was wanted meanwhile: `later` notes what is to happen then.
 */
export function createStock(
  random: Random,
  later: (time: number, act: (time: number) => Iterable<TimedEvent>) => void,
): Stock {
  const shelves = new Map<string, number>()
  /** Pieces that were wanted, had or not, while more is on its way. */
  const wantedMeanwhile = new Map<string, number>()
  const on = (product: Product, warehouse: string) => shelves.get(shelf(product, warehouse)) ?? 0

  function change(
    product: Product,
    warehouse: string,
    quantity: number,
    reason: Reason,
    time: number,
  ): TimedEvent {
    shelves.set(shelf(product, warehouse), on(product, warehouse) + quantity)
    return {
      time,
      event: {
        event_type: 'inventory',
        inventory_id: random.uuid(),
        product_id: product.id,
        warehouse_id: warehouse,
        quantity_change: quantity,
        reason,
        timestamp: timestamp(time),
      },
    }
  }

  function orderMore(product: Product, warehouse: string, time: number): void {
    const key = shelf(product, warehouse)
    if (on(product, warehouse) >= low || wantedMeanwhile.has(key)) return
    wantedMeanwhile.set(key, 0)
    later(time + hour + Math.ceil(random.wait(5 * hour)), (arrival) => {
      const pieces = Math.max(random.integer(40, mostAtOnce), wantedMeanwhile.get(key) ?? 0)
      wantedMeanwhile.delete(key)
      if (random.chance(0.15)) breakSome(product, warehouse, arrival)
      return inPallets(pieces).map((some) => change(product, warehouse, some, 'restock', arrival))
    })
  }

  function breakSome(product: Product, warehouse: string, time: number): void {
    later(time + Math.ceil(random.wait(3 * hour)), (moment) => {
      const broken = Math.min(random.integer(1, 3), on(product, warehouse))
      return broken > 0 ? [change(product, warehouse, -broken, 'damage', moment)] : []
    })
  }

  return {
    *open(product, time) {
      for (const warehouse of product.warehouses) {
        if (shelves.has(shelf(product, warehouse))) continue
        yield change(product, warehouse, random.integer(30, 100), 'restock', time)
      }
    },

    sell(product, wanted, time) {
      const [home, ...others] = product.warehouses
      const fullest = others.reduce(
        (best, house) => (on(product, house) > on(product, best) ? house : best),
        home,
      )
      const key = shelf(product, fullest)
      const meanwhile = wantedMeanwhile.get(key)
      if (meanwhile !== undefined) wantedMeanwhile.set(key, meanwhile + wanted)
      const sold = Math.min(wanted, on(product, fullest))
      if (sold === 0) return { sold, events: [] }
      const events = [change(product, fullest, -sold, 'sale', time)]
      orderMore(product, fullest, time)
      return { sold, events }
    },

    takeBack: (product, quantity, time) =>
      change(product, product.warehouses[0], quantity, 'return', time),
  }
}

function inPallets(pieces: number): number[] {
  const full = Array.from({ length: Math.floor(pieces / mostAtOnce) }, () => mostAtOnce)
  const rest = pieces % mostAtOnce
  return rest > 0 ? [...full, rest] : full
}

function shelf(product: Product, warehouse: string): string {
  return `${product.id} ${warehouse}`
}
