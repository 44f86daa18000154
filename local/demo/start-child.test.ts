import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startChild } from './start-child.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'children-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Starts a child that runs this code. */
async function child(name: string, code: string, environment: Record<string, string> = {}) {
  const script = join(folder, `${name}.mjs`)
  await writeFile(script, code)
  return startChild({ name, args: [script], environment, logFile: join(folder, `${name}.log`) })
}

test('a child that ends badly is told with its exit code and the end of its log', async () => {
  const bad = await child(
    'bad',
    "for (let i = 0; i < 50; i += 1) console.log('line', i); console.error('no table'); process.exit(3)",
  )

  await expect(bad.failure).rejects.toThrow(/^bad ended with exit code 3; the end of .*bad\.log:\n/)
  await expect(bad.failure).rejects.toThrow(/line 49\nno table$/)
  await expect(bad.failure).rejects.not.toThrow(/line 30\n/)
})

test('a child that ends well although it was not asked to is a failure too', async () => {
  const short = await child('short', '')

  await expect(short.failure).rejects.toThrow('short ended with exit code 0 and wrote nothing')
})

test('a child that is stopped tells its exit code and has not failed', async () => {
  const polite = await child(
    'polite',
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready')",
  )
  await vi.waitFor(async () => expect(await polite.log()).toContain('ready'), 10_000)

  expect(await polite.stop()).toBe(7)
  const first = await Promise.race([polite.failure, Promise.resolve('none')])
  expect(first).toBe('none')
})

test('a child sees its own environment and nothing of ours but where programs are', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/secret.json')
  const curious = await child('curious', 'console.log(JSON.stringify(process.env))', {
    BUCKET: 'b',
  })
  await curious.ended
  vi.unstubAllEnvs()

  const seen = JSON.parse(await curious.log())
  expect(seen).toMatchObject({ BUCKET: 'b', PATH: process.env['PATH'] })
  expect(seen).not.toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS')
})

test.each(['SIGKILL', 'SIGINT'] as const)(
  'a child is gone when its parent ends by %s',
  async (signal) => {
    const script = join(folder, `endless-${signal}.mjs`)
    await writeFile(script, "console.log('ready'); setInterval(() => {}, 1000)")
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'start-child.ts'))}
     const child = startChild({ name: 'x', args: [${JSON.stringify(script)}], environment: {}, logFile: ${JSON.stringify(`${script}.log`)} })
     process.on('SIGINT', () => process.exit(130))
     console.log(child.pid)
     setInterval(() => {}, 1000)`,
    ])
    const [pid] = await once(parent.stdout, 'data')
    await vi.waitFor(
      async () => expect(await readFile(`${script}.log`, 'utf8')).toContain('ready'),
      10_000,
    )
    parent.kill(signal)

    await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), 10_000)
  },
)

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
