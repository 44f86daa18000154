import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { booksFaults } from './books-faults.ts'
import { edgeFaults } from './edge-faults.ts'
import { ingestFaults } from './ingest-faults.ts'
import { loadingFaults } from './loading-faults.ts'
import { modelFaults } from './model-faults.ts'
import { readPlanted } from './plant.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const faults = [...ingestFaults, ...edgeFaults, ...loadingFaults, ...modelFaults, ...booksFaults]

test.each(faults)('$name changes its file', async (fault) => {
  const { sound, faulty } = await readPlanted(root, fault)

  expect(faulty).not.toBe(sound)
})

test('a fault whose text is gone says so', async () => {
  const [fault] = ingestFaults
  if (!fault) throw new Error('there are no faults')

  await expect(readPlanted(root, { ...fault, find: 'no such text' })).rejects.toThrow(
    `the text that ${fault.name} replaces stands 0 times in ${fault.file}, expected once: "no such text"`,
  )
})

test('each fault has a name of its own', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
})
