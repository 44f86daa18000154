import type { BigQueryRequest } from '../../ingest/bigquery-request.ts'
import { listAt, fieldAt } from '../../ingest/json-answer.ts'
import type { Table } from './bigquery.ts'
import type { CloudStorage, StoredFile } from './cloud-storage.ts'
import type { Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

export type LoadJobEndpoint = {
  /** BigQuery's REST API as far as load jobs go, as one instance reaches it. */
  requestFor(instance: Instance): BigQueryRequest
  underWay(): number
  /** How many jobs there have been. */
  count(): number
}

type Answer = { code: number; body: object }
type Failure = { reason: string; message: string; bad: StoredFile[] }

export const loadTarget = {
  projectId: 'shop-events',
  bucket: 'landing',
  dataset: 'raw',
  table: 'raw_events',
}
const folder = `gs://${loadTarget.bucket}/`
const location = 'EU'
const mostFiles = 10_000

/** Load jobs in memory: an id runs once, all of its files or none are loaded, and not at once. */
export function createLoadJobEndpoint(
  world: World,
  { call }: Network,
  messages: ReadonlyMap<string, StoredMessage>,
  storage: CloudStorage,
  table: Table,
): LoadJobEndpoint {
  const { chance, faults, scheduler, violate, note } = world
  const jobs = new Map<string, object>()
  let underWay = 0

  function insert(json: unknown): Answer {
    const reference = fieldAt(json, 'jobReference')
    const id = String(fieldAt(reference, 'jobId'))
    if (fieldAt(reference, 'location') !== location) violate('I6', `${id} has another location`)
    if (jobs.has(id)) return { code: 409, body: {} }
    const load = fieldAt(fieldAt(json, 'configuration'), 'load')
    const names = listAt(load, 'sourceUris').map((uri) => String(uri).replace(folder, ''))
    if (names.length > mostFiles) violate('limits', `${id} has ${names.length} files`)
    const running = { status: { state: 'RUNNING' } }
    jobs.set(id, running)
    underWay++
    const longestMs = faults.strikes('slow load job') ? 5 * 60_000 : 10_000
    scheduler.after(chance.integer(500, longestMs), () => finish(id, names))
    return { code: 200, body: running }
  }

  function finish(id: string, names: string[]): void {
    underWay--
    const failure = failureOf(names)
    note(() => `BigQuery: ${id} ${failure ? `failed: ${failure.reason}` : 'loads'} ${names}`)
    if (failure) {
      const { reason, message, bad } = failure
      const error = { reason, message }
      const places = bad.map(({ name }) => ({ ...error, location: folder + name }))
      jobs.set(id, { status: { state: 'DONE', errorResult: error, errors: [error, ...places] } })
      return
    }
    let rows = 0
    for (const name of names) {
      const file = storage.file(name)
      if (!file) continue
      table.load(file)
      rows += file.ids.size
    }
    const statistics = { load: { outputRows: String(rows) } }
    jobs.set(id, { status: { state: 'DONE' }, statistics })
  }

  function failureOf(names: string[]): Failure | undefined {
    const missing = names.find((name) => !storage.file(name))
    if (missing) {
      violate('I1', `a load asks for ${missing}, which is not there`)
      return { reason: 'notFound', message: `Not found: URI ${folder}${missing}`, bad: [] }
    }
    if (faults.strikes('load job failed')) {
      const reason = chance.pick(['backendError', 'internalError', 'rateLimitExceeded', 'notFound'])
      return { reason, message: 'try later', bad: [] }
    }
    const bad = names.flatMap((name) => {
      const file = storage.file(name)
      return file && isBad(file) ? [file] : []
    })
    if (bad.length === 0) return undefined
    faults.count('bad file')
    // BigQuery names as many as it likes: it stops at the first errors.
    return { reason: 'invalid', message: 'no JSON', bad: bad.slice(0, chance.integer(0, 3)) }
  }

  function isBad({ ids }: StoredFile): boolean {
    return [...ids].some((id) => {
      const publication = messages.get(id)?.publication
      return publication?.isRefused === true && publication.text !== undefined
    })
  }

  return {
    underWay: () => underWay,
    count: () => jobs.size,
    requestFor: (caller) => async (options) => {
      const { method = 'GET', uri, qs, json } = options
      const { code, body } = await call<Answer>({
        caller,
        service: 'BigQuery',
        what: () => `${caller.name} asks ${method} ${uri} ${json ? JSON.stringify(json) : ''}`,
        effect() {
          if (uri === `/datasets/${loadTarget.dataset}`) return { code: 200, body: { location } }
          if (method === 'POST') return insert(json)
          // Who does not say where a job is finds only those in the US.
          const isThere = qs?.['location'] === location
          const job = isThere ? jobs.get(uri.replace('/jobs/', '')) : undefined
          return job ? { code: 200, body: job } : { code: 404, body: {} }
        },
      })
      if (code === 200) return body
      throw Object.assign(new Error(`BigQuery says ${code}`), { code })
    },
  }
}
