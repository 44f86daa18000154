import { expect, test } from 'vitest'
import { BreakerOpen, createBreaker } from './breaker.ts'
import { createVirtualClock } from './testing-clock.ts'

function setUp() {
  const clock = createVirtualClock()
  const told: string[] = []
  const breaker = createBreaker({
    clock,
    patienceMs: 60_000,
    probeEveryMs: 30_000,
    onOpen: () => told.push('open'),
    onClose: () => told.push('closed'),
  })
  const fail = (tookMs = 0) => breaker.failed(clock.elapsed() - tookMs)
  async function open() {
    fail(60_000)
    expect(told).toEqual(['open'])
  }
  return { clock, told, breaker, fail, open }
}

test('it opens when nothing has succeeded for its patience, and ends all attempts', async () => {
  const { clock, told, breaker, fail } = setUp()
  const signal = breaker.admit()

  fail()
  await clock.advance(59_999)
  fail()
  expect([told, signal?.aborted]).toEqual([[], false])
  await clock.advance(1)
  fail()

  expect(told).toEqual(['open'])
  expect(signal?.reason).toBeInstanceOf(BreakerOpen)
  expect(breaker.admit()).toBeUndefined()
})

test('one success begins its patience anew', async () => {
  const { clock, told, breaker, fail } = setUp()

  fail()
  await clock.advance(59_000)
  breaker.succeeded()
  fail()
  await clock.advance(59_000)
  fail()

  expect(told).toEqual([])
})

test('a call that hung for all of its patience opens it at once', () => {
  const { told, fail } = setUp()

  fail(60_000)

  expect(told).toEqual(['open'])
})

test('while it is open one batch at a time may try, and a failure ends its attempts', async () => {
  const { clock, told, breaker, fail, open } = setUp()
  await open()

  await clock.advance(30_000)
  const probe = breaker.admit()
  expect([probe?.aborted, breaker.admit()]).toEqual([false, undefined])
  fail()

  expect([probe?.aborted, breaker.admit(), told]).toEqual([true, undefined, ['open']])
  await clock.advance(30_000)
  expect(breaker.admit()?.aborted).toBe(false)
})

test('a probe that succeeds closes it for all', async () => {
  const { clock, told, breaker, open } = setUp()
  await open()
  await clock.advance(30_000)
  breaker.admit()

  breaker.succeeded()

  expect(told).toEqual(['open', 'closed'])
  expect([breaker.admit()?.aborted, breaker.admit()?.aborted]).toEqual([false, false])
})

test('a call from before that succeeds late closes it, too', async () => {
  const { told, breaker, open } = setUp()
  await open()

  breaker.succeeded()

  expect([told, breaker.admit()?.aborted]).toEqual([['open', 'closed'], false])
})

test('a sign that BigQuery is back makes the next batch try at once', async () => {
  const { breaker, open } = setUp()
  await open()

  breaker.probeSoon()

  expect(breaker.admit()?.aborted).toBe(false)
})

test('in a hurry a failure opens it at once, before or after', () => {
  const failing = setUp()
  failing.fail()
  failing.breaker.hurry()
  const working = setUp()
  working.breaker.hurry()
  expect([failing.told, working.told]).toEqual([['open'], []])

  working.fail()

  expect(working.told).toEqual(['open'])
})

test('giving up ends the attempts with its own reason', () => {
  const { breaker } = setUp()
  const signal = breaker.admit()

  breaker.giveUp(new Error('the ingester stops'))

  expect(() => signal?.throwIfAborted()).toThrow('the ingester stops')
})
