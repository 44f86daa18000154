import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectId } from './demo/names.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const main = join(import.meta.dirname, 'main.ts')

/** Runs the command to its end. */
function call(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

/** Starts the command and waits until it has printed what to export. */
async function start(...args: string[]): Promise<{ child: ChildProcess; lines: string[] }> {
  const child = spawn(process.execPath, [main, ...args])
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('Ctrl-C')) break
  }
  return { child, lines }
}

test('starts what was asked for, prints how to reach it, and ends on Ctrl-C', async () => {
  const { child, lines } = await start(
    '--only',
    'pubsub,storage',
    '--pubsub-port',
    '0',
    '--storage-port',
    '0',
    '--data',
    join(folder, 'a b'),
  )
  const ended = once(child, 'exit')

  const exports = lines.filter((line) => line.startsWith('export '))
  expect(exports).toEqual([
    expect.stringMatching(/^export PUBSUB_EMULATOR_HOST=127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^export STORAGE_EMULATOR_HOST=http:\/\/127\.0\.0\.1:\d+$/),
    'export METADATA_SERVER_DETECTION=none',
    `export CLOUDSDK_CONFIG='${join(folder, 'a b', 'gcloud')}'`,
  ])
  const address = exports[1]?.split('=')[1] ?? ''
  const response = await fetch(`${address}/storage/v1/b?project=p`)
  expect(response.status).toBe(200)
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})

test('with --shop all that a shop needs is made, and found there the next time', async () => {
  const ports = ['pubsub', 'storage', 'bigquery'].flatMap((service) => [`--${service}-port`, '0'])
  for (let time = 1; time <= 2; time++) {
    const { child, lines } = await start('--shop', '--data', join(folder, 'shop'), ...ports)
    const exports: Record<string, string> = {}
    for (const line of lines) {
      const [, name, value = ''] = /^export (\w+)=(.*)/.exec(line) ?? []
      if (name) exports[name] = value
    }
    expect(exports).toMatchObject({
      GOOGLE_CLOUD_PROJECT: projectId,
      RAW_TABLE: 'raw.raw_events',
    })
    const answer = await fetch(
      `${exports['STORAGE_EMULATOR_HOST']}/storage/v1/b/${exports['BUCKET']}`,
    )
    expect(answer.status).toBe(200)
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  }
})

test('a port that is in use is named, with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  for (const service of ['pubsub', 'storage', 'bigquery']) {
    const args = ['--only', service, `--${service}-port`, String(port), '--data', folder]
    expect(await call(...args)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `npm run local: port ${port} is in use: choose another one with --${service}-port, ` +
        'or 0 for any free one\n',
    })
  }
  server.close()
})

test('a data folder that cannot be written is named', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')

  const { code, stderr } = await call('--data', join(file, 'inside'))

  expect(code).toBe(1)
  expect(stderr).toContain(`cannot write to the data folder ${join(file, 'inside')} (ENOTDIR)`)
})

test.each([
  [
    ['--only', 'kafka'],
    "--only takes pubsub, storage, bigquery with commas between them, not 'kafka'",
  ],
  [
    ['--storage-port', '99999'],
    "--storage-port must be a whole number from 0 to 65535, not '99999'",
  ],
  [['--shop', '--only', 'storage'], '--shop needs all three: it excludes --only'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('%j is a usage error', async (args, message) => {
  expect(await call(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `npm run local: ${message}\nTry: npm run local -- --help\n`,
  })
})
