import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { sleep } from './clock.ts'
import { backOffMs, retry } from './retry.ts'
import { createVirtualClock } from './testing-clock.ts'

test('the wait doubles from 100 ms to 30 s, half of it by chance', () => {
  expect([1, 2, 3, 10, 1_000].map((attempt) => backOffMs(attempt, () => 0))).toEqual([
    50, 100, 200, 15_000, 15_000,
  ])
  expect([1, 2, 10].map((attempt) => backOffMs(attempt, () => 1))).toEqual([100, 200, 30_000])
})

test('repeats until it succeeds and reports each failure', async () => {
  const clock = createVirtualClock()
  const reports: string[] = []
  let calls = 0
  const result = retry(
    async () => {
      calls++
      if (calls < 3) throw new Error(`failure ${calls}`)
      return 'done'
    },
    {
      clock,
      random: () => 0.5,
      signal: new AbortController().signal,
      onFailure: (error, attempt) => reports.push(`${attempt} ${error}`),
      onSuccess: () => reports.push('success'),
    },
  )

  await clock.advance(1_000)

  expect(await result).toBe('done')
  expect(reports).toEqual(['1 Error: failure 1', '2 Error: failure 2', 'success'])
})

test('ends with the reason of the signal, while it waits or before it begins', async () => {
  const clock = createVirtualClock()
  const stop = new AbortController()
  const options = {
    clock,
    random: Math.random,
    signal: stop.signal,
    onFailure: () => {},
    onSuccess: () => {},
  }
  const waiting = retry(() => Promise.reject(new Error('no')), options)
  await clock.advance(0)

  stop.abort(new Error('stopped'))

  await expect(waiting).rejects.toThrow('stopped')
  await expect(retry(async () => 1, options)).rejects.toThrow('stopped')
})

test('a wait that is over leaves nothing behind at its signal', async () => {
  const clock = createVirtualClock()
  const { signal } = new AbortController()
  const sleeping = sleep(clock, 100, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)

  await clock.advance(100)
  await sleeping

  expect(getEventListeners(signal, 'abort')).toEqual([])
})
