import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { CommandError } from '../../command/command.ts'
import { createSteps } from './steps.ts'

/** A screen that remembers what was written on it. */
function memoryScreen(isTTY: boolean) {
  const written: string[] = []
  const steps = createSteps({ isTTY, columns: 60, write: (text) => written.push(text) })
  return { steps, written }
}

test('off a terminal a step is one plain line with what came of it and its time', async () => {
  const { steps, written } = memoryScreen(false)

  const result = await steps.run('Publish', async (tell) => {
    tell('halfway')
    tell('12 messages')
    return 12
  })

  expect(result).toBe(12)
  expect(written.join('')).toMatch(/^✓ Publish {2}12 messages, \d+\.\d s\n$/)
})

test('on a terminal the line tells how far the step is and is written over', async () => {
  const { steps, written } = memoryScreen(true)

  await steps.run('Publish', async (tell) => tell('halfway'))

  const shown = written.map((text) => stripVTControlCharacters(text).trim())
  expect(shown.slice(0, 2)).toEqual(['… Publish', '… Publish  halfway'])
  expect(shown.at(-1)).toMatch(/^✓ Publish {2}halfway, \d+\.\d s$/)
  expect(written.every((text) => text.startsWith('\r'))).toBe(true)
})

test('a line never runs over the edge of the terminal', async () => {
  const { steps, written } = memoryScreen(true)

  await steps.run('Publish', async (tell) => tell('x'.repeat(200)))

  const lengths = written.map((text) => stripVTControlCharacters(text).trim().length)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(60)
})

test('a step that fails is one sentence with its title and its reason', async () => {
  const { steps, written } = memoryScreen(false)
  const failing = steps.run('Land', () => Promise.reject(new Error('the bucket is gone')))

  await expect(failing).rejects.toThrow(CommandError)
  await expect(failing).rejects.toThrow('Land: the bucket is gone')
  expect(written).toEqual(['✗ Land\n'])
})
