import { ApiError, type Bucket } from '@google-cloud/storage'
import { createUpload } from './cloud-storage.ts'
import type { PendingNotes, SharedText } from './pending-files.ts'

const folder = 'pending/'
const nothing = Buffer.alloc(0)
const alreadyThere = 412
const notFound = 404

/** Notes as empty objects: `pending/output/…` for the file `output/…`. */
export function createPendingNotes(bucket: Bucket): PendingNotes {
  const create = createUpload(bucket)
  return {
    async add(objectName) {
      const name = `${folder}${objectName}`
      await create({ name, contentType: 'text/plain' }, nothing)
    },
    async list(most) {
      const names: string[] = []
      let pageToken: string | undefined
      do {
        // With a limit the client asks for one page only, and a page has at most 1,000 names.
        const [files, next] = await bucket.getFiles({
          prefix: `${folder}output/`,
          fields: 'items(name),nextPageToken',
          autoPaginate: false,
          maxResults: most - names.length,
          ...(pageToken !== undefined && { pageToken }),
        })
        names.push(...files.map(({ name }) => name.slice(folder.length)))
        pageToken = next && 'pageToken' in next ? String(next.pageToken) : undefined
      } while (pageToken !== undefined && names.length < most)
      return names
    },
    async remove(objectName) {
      await bucket.file(`${folder}${objectName}`).delete().catch(unless(notFound))
    },
  }
}

/** The text of `pending/loads.json`; its version is the object's generation. */
export function createLedgerStore(bucket: Bucket): SharedText {
  const name = `${folder}loads.json`
  return {
    async read() {
      const found = await bucket.file(name).getMetadata().catch(unless(notFound))
      if (!found) return { text: undefined, version: '0' }
      const [metadata] = found
      const version = String(metadata.generation)
      // A version that is replaced meanwhile is gone: then the next attempt reads the new one.
      const [text] = await bucket.file(name, { generation: version }).download()
      return { text: text.toString(), version }
    },
    async replace(text, version) {
      const file = bucket.file(name)
      const preconditionOpts = { ifGenerationMatch: version }
      const options = { resumable: false, contentType: 'application/json', preconditionOpts }
      const lost = await file.save(text, options).catch(unless(alreadyThere))
      return lost === false ? undefined : String(file.metadata.generation)
    },
  }
}

/** The content of an object, or undefined if there is none. */
export async function readObject(bucket: Bucket, name: string): Promise<Buffer | undefined> {
  const answer = await bucket.file(name).download().catch(unless(notFound))
  return answer ? answer[0] : undefined
}

/** Turns the error with this code into false. */
function unless(code: number): (error: unknown) => false {
  return (error) => {
    if (error instanceof ApiError && error.code === code) return false
    throw error
  }
}
