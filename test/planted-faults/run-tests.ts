import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What the tests said; `first` is the first one that failed. */
export type TestRun = { passed: boolean; first: string | undefined; output: string }

const longestMs = 10 * 60_000

/** Runs test files of a copy of the project, up to the first failure. */
export async function runTests(folder: string, tests: string[]): Promise<TestRun> {
  const child = spawn('node_modules/.bin/vitest', ['run', '--bail=1', ...tests], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = await once(child, 'close')
  const output = Buffer.concat(chunks).toString()
  return { passed: code === 0, first: /FAIL\s+(.+)/.exec(output)?.[1], output }
}
