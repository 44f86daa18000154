import { expect, test } from 'vitest'
import { startLimited } from './limited.ts'

const failing = () => Promise.reject(new Error('the file cannot be read'))

test('what fails is told by the next call, or at the end', async () => {
  const one = startLimited(1)
  await expect(one.start(failing)).rejects.toThrow('the file cannot be read')

  const several = startLimited(2)
  await several.start(failing)
  await expect(several.end()).rejects.toThrow('the file cannot be read')
})

test('no more tasks run at a time than may, and the end waits for all', async () => {
  const limited = startLimited(2)
  const ends: (() => void)[] = []
  const task = () => new Promise<void>((resolve) => ends.push(resolve))
  void limited.start(task)
  const second = limited.start(task)
  let isOver = false
  const over = limited.end().then(() => (isOver = true))

  ends[0]?.()
  await second
  expect([ends.length, isOver]).toEqual([2, false])
  ends[1]?.()
  await over
})
