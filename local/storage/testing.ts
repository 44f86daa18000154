import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bucket, Storage } from '@google-cloud/storage'
import type { Endpoint } from '../endpoint.ts'
import { startStorage } from './start-storage.ts'

export type StorageFixture = {
  /** Holds nothing but `folder`: what leaves that is seen here. */
  around: string
  folder: string
  endpoint: Endpoint
  storage: Storage
  bucket: Bucket
  /** Stops the server and starts another one over the same folder, under another port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A server over a folder of its own with one bucket, and Google's unmodified client. */
export async function startStorageFixture(): Promise<StorageFixture> {
  const around = await mkdtemp(join(tmpdir(), 'local-storage-'))
  const folder = join(around, 'folder')
  const endpoint = await startStorage({ port: 0, folder })
  const storage = connect(endpoint)
  const [bucket] = await storage.createBucket('shop-events-landing')

  const fixture: StorageFixture = {
    around,
    folder,
    endpoint,
    storage,
    bucket,
    async restart() {
      await fixture.endpoint.stop()
      fixture.endpoint = await startStorage({ port: 0, folder })
      fixture.storage = connect(fixture.endpoint)
      fixture.bucket = fixture.storage.bucket('shop-events-landing')
    },
    async stop() {
      await fixture.endpoint.stop()
      await rm(around, { recursive: true })
    },
  }
  return fixture
}

function connect({ address }: Endpoint): Storage {
  return new Storage({
    projectId: 'shop-events',
    apiEndpoint: `http://${address}`,
    retryOptions: { autoRetry: false },
  })
}
