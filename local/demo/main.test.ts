import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')
/** Seconds on a quiet machine. */
const timeout = 180_000
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Starts the demo as `npm start` does; `output` is what it has printed so far. */
function start(...args: string[]) {
  const env = { PATH: process.env['PATH'] }
  const child = spawn(process.execPath, [main, '--data', join(folder, 'data'), ...args], { env })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text))
  }
  const code = once(child, 'exit').then(([exitCode]: unknown[]) => exitCode)
  return { child, code, output: () => printed.join('') }
}

test('it balances, goes on, and ends in good order at Ctrl-C', { timeout }, async () => {
  const { child, code, output } = start('--events', '300', '--more', '100', '--keep')
  await vi.waitUntil(() => output().includes('Ctrl-C ends it.') || child.exitCode !== null, timeout)
  child.kill('SIGINT')

  await code

  expect(output()).toContain('It balances to the last event')
  expect(output()).toMatch(/messages published +4\d\d /)
  expect(output()).toMatch(/export PUBSUB_EMULATOR_HOST=127\.0\.0\.1:\d+\n/)
  const log = await readFile(join(folder, 'data', 'logs', 'ingester.log'), 'utf8')
  expect(await code).toBe(0)
  expect(log.trimEnd().split('\n').at(-1)).toContain('"message":"stopped"')
})

test('a wrong option is one sentence and exit code 2', async () => {
  const { code, output } = start('--event', '5')

  expect(await code).toBe(2)
  expect(output()).toBe("npm start: Unknown option '--event'\nTry: npm start -- --help\n")
})
