import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c } from '@node-rs/crc32'

/** Bytes that have arrived as a whole and are no object yet. */
export type Spooled = {
  path: string
  size: number
  crc32c: string
  /** None where they were composed. */
  md5Hash?: string
  componentCount?: number
}

export type Spool = {
  /** How many bytes it holds. */
  readonly size: number
  write(chunk: Buffer): Promise<void>
  finish(): Promise<Spooled>
  /** Removes the bytes, if they have not become an object. */
  discard(): Promise<void>
}

const flushAt = 1024 * 1024

/** Collects an upload in a file of its own, its checksums along the way. */
export async function createSpool(folder: string): Promise<Spool> {
  const path = join(folder, randomUUID())
  const file = await open(path, 'wx')
  const md5 = createHash('md5')
  let checksum = 0
  let size = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0

  async function flush(): Promise<void> {
    const chunks = waiting
    waiting = []
    waitingBytes = 0
    await writeAll(file, chunks)
  }

  return {
    get size() {
      return size
    },
    async write(chunk) {
      md5.update(chunk)
      checksum = crc32c(chunk, checksum)
      size += chunk.length
      waiting.push(chunk)
      waitingBytes += chunk.length
      if (waitingBytes >= flushAt) await flush()
    },
    async finish() {
      await flush()
      await file.close()
      return { path, size, crc32c: encodeChecksum(checksum), md5Hash: md5.digest('base64') }
    },
    async discard() {
      await file.close()
      await rm(path, { force: true })
    },
  }
}

/** Runs with a spool that is gone afterwards, unless its bytes became an object. */
export async function withSpool<T>(folder: string, run: (spool: Spool) => Promise<T>): Promise<T> {
  const spool = await createSpool(folder)
  try {
    return await run(spool)
  } finally {
    await spool.discard()
  }
}

/** Base64 of the four bytes, the highest first. */
function encodeChecksum(checksum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(checksum >>> 0)
  return bytes.toString('base64')
}

async function writeAll(file: FileHandle, chunks: Buffer[]): Promise<void> {
  let rest = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
  while (rest && rest.length > 0) {
    const { bytesWritten } = await file.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}
