import { en, base, Faker } from '@faker-js/faker'
import { createAgenda } from './agenda.ts'
import { createCatalogue } from './catalogue.ts'
import { createCustomers, type Customer } from './customers.ts'
import { day, second, type TimedEvent } from './event.ts'
import { orderLife, type OrderLine } from './order-life.ts'
import type { Pace } from './pace.ts'
import { createRandom } from './random.ts'
import { createStock } from './stock.ts'
import { planVisit } from './visit.ts'

export type ShopOptions = {
  /** The same seed, start and pace give the same events. */
  seed: number
  /** When the shop opens, in milliseconds since 1970. */
  start: number
  pace: Pace
}

type Act = (time: number) => Iterable<TimedEvent>

/** What a visit brings about in the end, with its order's life and its sales; measured over long runs. */
const eventsPerVisit = 8.5

/** Everything that happens in a shop, in the order in which it happens, without end. */
export function* openShop({ seed, start, pace }: ShopOptions): Generator<TimedEvent, never> {
  const random = createRandom(seed, 'shop')
  const catalogue = createCatalogue(random, new Faker({ locale: [en, base], seed }))
  const customers = createCustomers(random, seed)
  const agenda = createAgenda<Act>()
  const stock = createStock(random, (time, act) => agenda.add(time, act))
  let emitted = 0

  function announce(events: TimedEvent[]): void {
    for (const event of events) agenda.add(event.time, () => [event])
  }

  function* visit(time: number): Generator<TimedEvent> {
    agenda.add(time + Math.ceil(random.wait(eventsPerVisit / pace(time, emitted))), visit)
    const customer = customers.visitor()
    const { events, seen, purchase } = planVisit(random, catalogue, customer, time)
    for (const product of seen) yield* stock.open(product, time)
    announce(events)
    if (!purchase) return
    agenda.add(purchase.time, (moment) => buy(customer, purchase.lines, moment))
  }

  function* buy(customer: Customer, wanted: OrderLine[], time: number): Generator<TimedEvent> {
    const sales = wanted.map(({ product, quantity }) => ({
      product,
      ...stock.sell(product, quantity, time),
    }))
    const lines = sales
      .filter(({ sold }) => sold > 0)
      .map(({ product, sold }) => ({ product, quantity: sold }))
    if (lines.length === 0) return

    const [placed, ...later] = orderLife(random, customer, lines, time)
    if (placed) yield placed
    for (const { events } of sales) yield* events
    announce(later)
    const delivered = later.at(-1)
    if (delivered && random.chance(0.06)) sendBack(lines, delivered.time)
  }

  function sendBack([line]: OrderLine[], delivered: number): void {
    if (!line) return
    agenda.add(delivered + Math.ceil(random.wait(day)) + second, (time) => [
      stock.takeBack(line.product, line.quantity, time),
    ])
  }

  agenda.add(start, visit)
  for (;;) {
    const next = agenda.take()
    if (!next) throw new Error('a shop always expects a visitor')
    for (const event of next.item(next.time)) {
      emitted += 1
      yield event
    }
  }
}
