import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What the tests said. */
export type TestRun = {
  /** `broken`: not one of them could run. */
  verdict: 'passed' | 'failed' | 'broken'
  /** The first one that failed. */
  first: string | undefined
  output: string
}

const longestMs = 10 * 60_000

/** Runs test files of a copy of the project, up to the first failure. */
export async function runTests(folder: string, tests: string[]): Promise<TestRun> {
  // A slow machine is no fault that was noticed.
  const patience = ['--testTimeout=120000', '--hookTimeout=300000']
  const child = spawn('node_modules/.bin/vitest', ['run', '--bail=1', ...patience, ...tests], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = await once(child, 'close')
  const output = Buffer.concat(chunks).toString()
  const isBroken = output.includes('Failed Suites') || !output.includes('Test Files')
  const verdict = code === 0 ? 'passed' : isBroken ? 'broken' : 'failed'
  return { verdict, first: /FAIL\s+(.+)/.exec(output)?.[1], output }
}
