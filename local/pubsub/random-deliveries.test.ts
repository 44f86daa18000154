import { expect, test } from 'vitest'
import { backlogOf } from './backlog.ts'
import { createWorld, type World } from './test-world.ts'

/** A seeded generator of whole numbers below a bound. */
function createRandom(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** Publishes, acknowledges, fails and lets leases lapse in random order, then acknowledges all that comes. */
function liveThrough(world: World, seed: number, keys: number) {
  const random = createRandom(seed)
  const streams = [world.open({ maxMessages: 7 }), world.open({ maxBytes: 500 })]
  const acked = new Map<string, number>()
  const seen = [0, 0]
  let published = 0

  const handle = (decide: () => 'ack' | 'nack' | 'leave') => {
    for (const [i, { got }] of streams.entries()) {
      for (const each of got.slice(seen[i])) {
        const decision = decide()
        if (decision === 'nack') world.nack(each)
        const isAcked = decision === 'ack' && world.subscription.deliveries.has(each.ackNumber)
        if (isAcked) acked.set(each.text, (acked.get(each.text) ?? 0) + 1)
        if (decision === 'ack') world.ack(each)
      }
      seen[i] = got.length
    }
  }
  for (let step = 0; step < 300; step++) {
    const action = random(4)
    if (action < 2) world.publish(`${published++}`, keys === 0 ? '' : `key-${published % keys}`)
    else if (action === 2) handle(() => (['ack', 'nack', 'leave'] as const)[random(3)] ?? 'leave')
    else world.clock.pass(random(8_000))
    const [first, second] = world.subscription.receivers
    expect(first?.outstanding).toBeLessThanOrEqual(7)
    expect(second?.outstandingBytes).toBeLessThan(600)
  }
  for (let round = 0; round < 10_000 && backlogOf(world.subscription).unacked > 0; round++) {
    handle(() => 'ack')
    world.clock.pass(1_000)
  }
  return { published, acked, got: streams.flatMap((stream) => stream.got) }
}

const seeds = Array.from({ length: 20 }, (_, i) => 1_000 + i)

test.each(seeds)(
  'seed %i: every message is acknowledged once, and the counts come back to zero',
  (seed) => {
    const world = createWorld()

    const { published, acked } = liveThrough(world, seed, 0)

    expect(acked.size).toBe(published)
    expect([...acked.values()].every((times) => times === 1)).toBe(true)
    expect(backlogOf(world.subscription)).toEqual({ unacked: 0, outstanding: 0 })
    expect(world.subscription.deliveries.size).toBe(0)
    expect(world.subscription.receivers.map(({ outstanding }) => outstanding)).toEqual([0, 0])
    expect(world.subscription.receivers.map(({ outstandingBytes }) => outstandingBytes)).toEqual([
      0, 0,
    ])
  },
)

test.each(seeds)(
  'seed %i: each key is delivered in its order, and starts again where it failed',
  (seed) => {
    const world = createWorld({ enableMessageOrdering: true })

    const { published, acked, got } = liveThrough(world, seed, 3)

    expect(acked.size).toBe(published)
    expect(backlogOf(world.subscription)).toEqual({ unacked: 0, outstanding: 0 })
    expect(world.subscription.lanes.size).toBe(0)
    // In the order of the deliveries a message never appears for the first time before an earlier one of its key.
    const inOrder = got.toSorted((a, b) => a.ackNumber - b.ackNumber)
    for (const key of [0, 1, 2]) {
      const texts = inOrder.map(({ text }) => Number(text)).filter((text) => (text + 1) % 3 === key)
      const firsts = [...new Set(texts)]
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
    }
  },
)
