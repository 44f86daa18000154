import { faker } from '@faker-js/faker'
import type { Random } from './random.ts'

/** Money is whole cents in here, so that sums are exact. */
export type Product = { id: string; name: string; cents: number; warehouses: [string, ...string[]] }

export type Catalogue = {
  /** A product as visitors choose: a few are looked at by most. */
  popular(): Product
}

const productCount = 120
const warehouseCount = 3

/** The shop's products: the n-th is as popular as one n-th of the first. */
export function createCatalogue(random: Random, names: typeof faker): Catalogue {
  const warehouses = Array.from({ length: warehouseCount }, () => random.uuid())
  const products = Array.from({ length: productCount }, () =>
    createProduct(random, names, warehouses),
  )
  const shares = products.map((_, rank) => 1 / (rank + 1))
  const whole = shares.reduce((sum, share) => sum + share)
  const [first] = products
  if (!first) throw new Error('a catalogue has products')

  return {
    popular() {
      let rest = random.next() * whole
      return products.find((_, rank) => (rest -= shares[rank] ?? 0) < 0) ?? first
    },
  }
}

function createProduct(random: Random, names: typeof faker, warehouses: string[]): Product {
  const home = random.integer(0, warehouses.length - 1)
  const others = warehouses.filter((_, index) => index !== home && random.chance(0.3))
  return {
    id: random.uuid(),
    name: names.commerce.productName(),
    cents: price(random),
    warehouses: [warehouses[home] ?? random.uuid(), ...others],
  }
}

/** Mostly ten to eighty, seldom some hundred, and it ends as prices do. */
function price(random: Random): number {
  const bell = random.next() + random.next() + random.next() - 1.5
  const whole = Math.max(2, Math.round(32 * Math.exp(1.6 * bell)))
  return whole * 100 - random.pick([1, 5, 10, 50, 100])
}
