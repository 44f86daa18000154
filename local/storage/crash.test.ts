import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Storage } from '@google-cloud/storage'
import { startStorage } from './start-storage.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-storage-crash-'))
})

afterEach(() => rm(folder, { recursive: true }))

const program = `
  import { startStorage } from ${JSON.stringify(new URL('start-storage.ts', import.meta.url).href)}
  const { address } = await startStorage({ port: 0, folder: process.argv[1] })
  process.stdout.write(address)
`

async function startProcess() {
  const server = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = await once(server.stdout, 'data')
  return { server, base: `http://${address}` }
}

/** Writes objects of many sizes over and over until the server is gone; notes what was answered with success. */
async function writeUntilKilled(
  base: string,
  writer: number,
  confirmed: Map<string, number>,
): Promise<void> {
  for (let version = 1; ; version++) {
    const name = `writer-${writer}/object-${version % 3}`
    const body = `${version} `.repeat(1 + ((version * 7_919) % 30_000))
    const query = new URLSearchParams({ uploadType: 'media', name })
    const url = `${base}/upload/storage/v1/b/crash-bucket/o?${query}`
    try {
      const response = await fetch(url, { method: 'POST', body })
      if (response.status !== 200) throw new Error(`status ${response.status}`)
      await response.text()
    } catch (error) {
      // fetch says so when the connection is gone.
      if (error instanceof TypeError) return
      throw error
    }
    confirmed.set(name, version)
  }
}

test('kill -9 leaves every confirmed object whole, and no half one', async () => {
  const { server, base } = await startProcess()
  const bucket = JSON.stringify({ name: 'crash-bucket' })
  await fetch(`${base}/storage/v1/b?project=p`, { method: 'POST', body: bucket })
  const confirmed = new Map<string, number>()
  const writers = [0, 1, 2, 3].map((writer) => writeUntilKilled(base, writer, confirmed))
  await vi.waitUntil(() => Math.max(0, ...confirmed.values()) >= 20, { timeout: 20_000 })

  server.kill('SIGKILL')
  await Promise.all(writers)

  const endpoint = await startStorage({ port: 0, folder })
  const storage = new Storage({ projectId: 'p', apiEndpoint: `http://${endpoint.address}` })
  const [files] = await storage.bucket('crash-bucket').getFiles()
  const names = new Set(files.map(({ name }) => name))
  expect([...confirmed.keys()].filter((name) => !names.has(name))).toEqual([])
  for (const { name, metadata } of files) {
    const bytes = await readFile(join(folder, 'crash-bucket', name))
    expect(metadata.md5Hash).toBe(createHash('md5').update(bytes).digest('base64'))
    const version = Number(bytes.toString().split(' ')[0])
    expect(version).toBeGreaterThanOrEqual(confirmed.get(name) ?? 0)
  }
  expect(await readdir(join(folder, '.metadata', 'crash-bucket', 'uploads'))).toEqual([])
  await endpoint.stop()
})

test('a process killed after the journal and before the rename is finished by the next one', async () => {
  const first = await startStorage({ port: 0, folder })
  const storage = new Storage({ projectId: 'p', apiEndpoint: `http://${first.address}` })
  const [bucket] = await storage.createBucket('crash-bucket')
  await bucket.file('report').save('old', { resumable: false })
  await bucket.file('report').save('new!', { resumable: false })
  await first.stop()
  const metadata = join(folder, '.metadata', 'crash-bucket')
  const journal = join(metadata, 'objects.jsonl')
  const last = JSON.parse((await readFile(journal, 'utf8')).trimEnd().split('\n').at(-1) ?? '')
  await rename(join(folder, 'crash-bucket', 'report'), join(folder, last.temporary))
  await writeFile(join(folder, 'crash-bucket', 'report'), 'old')
  await appendFile(journal, '{"put":{"name":"half a li')

  const second = await startStorage({ port: 0, folder })

  const media = `http://${second.address}/storage/v1/b/crash-bucket/o/report?alt=media`
  expect(await (await fetch(media)).text()).toBe('new!')
  expect(await readdir(join(metadata, 'uploads'))).toEqual([])
  await second.stop()
})

test('a journal that this server did not write is refused with its place', async () => {
  const first = await startStorage({ port: 0, folder })
  const storage = new Storage({ projectId: 'p', apiEndpoint: `http://${first.address}` })
  await storage.createBucket('crash-bucket')
  await first.stop()
  await writeFile(join(folder, '.metadata', 'crash-bucket', 'objects.jsonl'), 'nonsense\n')

  await expect(startStorage({ port: 0, folder })).rejects.toThrow(
    /objects\.jsonl:1 is not a line that the local Cloud Storage wrote/,
  )
})
