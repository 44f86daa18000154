import { randomUUID } from 'node:crypto'
import type { Bucket } from './bucket.ts'
import { readContentRange } from './content-range.ts'
import { readJson, type Reply, type StorageRequest } from './http.ts'
import { readClaims } from './object-metadata.ts'
import { checkConditions } from './preconditions.ts'
import { createSpool, type Spool } from './spool.ts'
import { StorageError } from './storage-error.ts'
import { objectResource } from './stored-object.ts'
import { describeWrite } from './uploads.ts'
import { type Write, writeObject } from './write-object.ts'

type Session = {
  bucket: Bucket
  write: Write
  spool: Spool
  /** One piece at a time. */
  busy: boolean
  /** The answer to the last piece, for a client that did not get it. */
  finished: object | undefined
}

/** Uploads piece by piece, over as many connections as they take; they do not outlive the process. */
export type ResumableUploads = {
  start(bucket: Bucket, request: StorageRequest): Promise<Reply>
  /** A piece, or the question how much has arrived. */
  proceed(id: string, request: StorageRequest): Promise<Reply>
  cancel(id: string): Promise<Reply>
  close(): Promise<void>
}

export function createResumableUploads(): ResumableUploads {
  const sessions = new Map<string, Session>()

  function find(id: string): Session {
    const session = sessions.get(id)
    if (session) return session
    throw new StorageError('notFound', `No such upload: ${id}`)
  }

  async function end(id: string, { spool }: Session): Promise<void> {
    sessions.delete(id)
    await spool.discard()
  }

  return {
    async start(bucket, request) {
      const json = await readJson(request)
      const { headers, query, origin } = request
      const declaredType = headers['x-upload-content-type']
      const write = describeWrite(request, json, declaredType && String(declaredType))
      checkConditions(write.conditions, bucket.objects.get(write.name), 'write')

      const id = randomUUID()
      const spool = await createSpool(bucket.uploads)
      sessions.set(id, { bucket, write, spool, finished: undefined, busy: false })
      const path = `/upload/storage/v1/b/${encodeURIComponent(bucket.name)}/o`
      const name = `name=${encodeURIComponent(query.get('name') ?? write.name)}`
      const location = `${origin}${path}?uploadType=resumable&${name}&upload_id=${id}`
      return { headers: { location, 'x-guploader-uploadid': id } }
    },

    async proceed(id, request) {
      const session = find(id)
      if (session.finished) return { body: session.finished }
      if (session.busy)
        throw new StorageError('conflict', 'Another piece of this upload is on its way.')
      session.busy = true
      try {
        const reply = await receive(session, request)
        if (session.finished) await session.spool.discard()
        return reply
      } catch (error) {
        if (error instanceof Refused) await end(id, session)
        throw error instanceof Refused ? error.cause : error
      } finally {
        session.busy = false
      }
    },

    async cancel(id) {
      await end(id, find(id))
      return { status: 499 }
    },

    async close() {
      for (const [id, session] of sessions) await end(id, session)
    },
  }
}

/** The bytes have arrived, but do not become an object: the upload is over. */
class Refused extends Error {
  override name = 'Refused'
}

async function receive(session: Session, request: StorageRequest): Promise<Reply> {
  const { bucket, write, spool } = session
  const { start, isOpenEnded, total } = readContentRange(request.headers['content-range'])
  if (start !== undefined) await append(spool, request, start)
  if (total !== undefined && spool.size > total) {
    throw new StorageError('badRequest', `The upload holds ${spool.size} bytes of ${total}.`)
  }
  const isComplete = total === undefined ? isOpenEnded : spool.size === total
  if (!isComplete) return { status: 308, headers: arrived(spool) }

  const claims = { ...write.claims, ...readClaims({}, request.headers) }
  const spooled = await spool.finish()
  try {
    const object = writeObject(bucket, { ...write, claims }, spooled)
    session.finished = objectResource(bucket.name, object, request.origin)
  } catch (cause) {
    throw new Refused('the upload was refused', { cause })
  }
  return { body: session.finished }
}

/** Bytes that have arrived before are passed over; a piece that would leave a gap is refused. */
async function append(spool: Spool, { body }: StorageRequest, start: number): Promise<void> {
  if (start > spool.size) {
    const words = `Invalid request. The piece starts at ${start}, but only ${spool.size} bytes have arrived.`
    throw new StorageError('badRequest', words)
  }
  let known = spool.size - start
  for await (const chunk of body) {
    const bytes: Buffer = chunk
    if (known < bytes.length) await spool.write(bytes.subarray(known))
    known = Math.max(0, known - bytes.length)
  }
}

function arrived({ size }: Spool): Record<string, string> {
  return size === 0 ? {} : { range: `bytes=0-${size - 1}` }
}
