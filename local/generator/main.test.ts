import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const main = join(import.meta.dirname, 'main.ts')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generator-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command line as a user does. */
async function generate(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { PATH: process.env['PATH'] }
  return run(process.execPath, [main, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, error: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, error: stderr }),
  )
}

test('a file holds one event a line and can be made again byte for byte', async () => {
  const options = ['--count', '200', '--duplicates', '5%', '--malformed', '5%']
  const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')]
  const { out, error } = await generate('--out', first, ...options)
  const repeat = /--seed \d+ --start \S+/.exec(out)?.[0].split(' ') ?? []
  await generate('--out', second, ...options, ...repeat)

  const text = await readFile(first)
  const messages = Number(/^Wrote (\d+) messages/.exec(out)?.[1])
  expect(text.toString('latin1').split('\n').length).toBe(messages + 1)
  expect(await readFile(second)).toEqual(text)
  expect(error).toBe('')
})

test('a missing project is one sentence and exit code 2', async () => {
  const { code, error } = await generate()

  expect(code).toBe(2)
  expect(error.split('\n')).toEqual([
    'npm run generate: no project: give --project or set GOOGLE_CLOUD_PROJECT',
    'Try: npm run generate -- --help',
    '',
  ])
})

test('a file that cannot be written is one sentence and exit code 1', async () => {
  const { code, error } = await generate('--out', join(folder, 'no', 'file.jsonl'))

  expect(code).toBe(1)
  expect(error).toMatch(/^npm run generate: ENOENT: no such file or directory.*\n$/)
})
