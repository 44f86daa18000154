import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestBigQuery } from './test-bigquery.ts'

test('what was asked before the end is answered, what runs is cancelled, and nothing is lost', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'stop-test-'))
  const { bigQuery, endpoint, origin } = await startTestBigQuery({ dataFolder })
  await bigQuery.createDataset('d')
  await bigQuery.dataset('d').createTable('t', { schema: 'a' })

  async function post(path: string, body: object): Promise<string> {
    const url = `${origin}/projects/shop-events${path}`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    const { error } = (await response.json()) as { error?: { errors: { reason: string }[] } }
    return error?.errors[0]?.reason ?? 'done'
  }
  const query = (text: string) => post('/queries', { query: text, useLegacySql: false })
  const numbers = 'unnest(generate_array(1, 100000))'
  const endless = `select count(*) from ${numbers} a, ${numbers} b where mod(a * b, 7) = 3`
  const running = [query(endless), query(`insert d.t select cast((${endless}) as string)`)]
  await expect.poll(() => runningJobs(origin)).toBe(2)
  const allAreUnderWay = requestsArrive(20)
  const selects = Array.from({ length: 10 }, (_, n) => query(`select ${n}`))
  const inserts = Array.from({ length: 10 }, (_, n) =>
    post('/datasets/d/tables/t/insertAll', { rows: [{ json: { a: `${n}` } }] }),
  )
  await allAreUnderWay

  await endpoint.stop()

  expect(await Promise.all(running)).toEqual(['stopped', 'stopped'])
  const answers = ['done', 'stopped', 'backendError']
  for (const outcome of await Promise.all(selects)) expect(answers).toContain(outcome)
  const landed = (await Promise.all(inserts)).filter((outcome) => outcome === 'done')
  await expect(fetch(origin)).rejects.toThrow('fetch failed')
  const again = await startTestBigQuery({ dataFolder })
  const [rows] = await again.bigQuery.query('select * from d.t')
  expect(rows).toHaveLength(landed.length)
  await again.endpoint.stop()
  await rm(dataFolder, { recursive: true })
})

/** Resolves when so many more have come to a server of this process. */
function requestsArrive(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  const hear = (): void => {
    left--
    if (left > 0) return
    unsubscribe('http.server.request.start', hear)
    resolve()
  }
  subscribe('http.server.request.start', hear)
  return promise
}

async function runningJobs(origin: string): Promise<number> {
  const response = await fetch(`${origin}/projects/shop-events/jobs?stateFilter=running`)
  const { jobs = [] } = (await response.json()) as { jobs?: unknown[] }
  return jobs.length
}
