import { expect, test } from 'vitest'
import { createLeases } from './leases.ts'
import { event, message } from './testing-events.ts'

const delivery = (messageId: string, ackId: string) =>
  message({ messageId, ackId, data: Buffer.from('{}') })

test('a message that comes again while it is held has one fate under all its ack ids', () => {
  const leases = createLeases()
  const first = event({ messageId: '1', ackId: 'a' })
  const second = event({ messageId: '2', ackId: 'b' })
  expect(leases.renew(delivery('1', 'a'))).toBe(false)
  leases.hold(first)
  leases.hold(second)

  expect(leases.renew(delivery('1', 'a again'))).toBe(true)
  expect(leases.renew(delivery('1', 'a once more'))).toBe(true)

  expect(leases.heldSince(0)).toEqual(['a', 'a again', 'a once more', 'b'])
  expect(leases.end([first])).toEqual(['a', 'a again', 'a once more'])
  expect(leases.heldSince(0)).toEqual(['b'])
})

test('a message that comes again after it was settled is a new one', () => {
  const leases = createLeases()
  const first = event({ messageId: '1', ackId: 'a' })
  leases.hold(first)
  leases.renew(delivery('1', 'b'))
  leases.end([first])

  expect(leases.renew(delivery('1', 'c'))).toBe(false)
  const again = event({ messageId: '1', ackId: 'c' })
  leases.hold(again)
  expect(leases.end([again])).toEqual(['c'])
})

test('it tells apart what is held for long, and knows since when', () => {
  const leases = createLeases()
  expect(leases.oldestReceivedAt()).toBeUndefined()
  const events = [10, 20, 30].map((receivedAt) =>
    event({ messageId: `${receivedAt}`, ackId: `at ${receivedAt}`, receivedAt }),
  )
  for (const one of events) leases.hold(one)

  expect(leases.heldSince(20)).toEqual(['at 10', 'at 20'])
  expect(leases.oldestReceivedAt()).toBe(10)
  leases.end(events.slice(0, 1))
  expect(leases.oldestReceivedAt()).toBe(20)
  expect([...leases.all()]).toEqual(events.slice(1))
})
