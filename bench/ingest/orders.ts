import { openShop } from '../../local/generator/shop.ts'
import { spreadOver } from '../../local/generator/pace.ts'
import { day } from '../../local/generator/event.ts'

const leastBytes = 450

/** Orders of the generator that have two items or more, which are 600 bytes on average. */
export function orders(distinct: number): Buffer[] {
  function* all(): Generator<Buffer> {
    const start = Date.now() - 2 * day
    const pace = spreadOver(start, start + 2 * day, distinct * 20)
    for (const { event } of openShop({ seed: 1, start, pace })) {
      if (event.event_type !== 'order') continue
      const data = Buffer.from(JSON.stringify(event))
      if (data.length >= leastBytes) yield data
    }
  }
  return all().take(distinct).toArray()
}
