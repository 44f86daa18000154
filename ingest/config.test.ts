import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const env = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  SUBSCRIPTION: 'backend-events-topic-sub',
  BUCKET: 'shop-events-landing',
  RAW_TABLE: 'raw.raw_events',
}

function problemsOf(changes: Record<string, string | undefined>): string[] {
  try {
    readConfig({ ...env, ...changes })
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)]
  }
}

test('.env.example names every variable that is read, with its default', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const lines = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)]
  const example = Object.fromEntries(lines.map(([, name, value]) => [name, value]))

  const read = new Set<string>()
  const watched = new Proxy<Record<string, string | undefined>>(env, {
    get(target, name) {
      if (typeof name === 'string') read.add(name)
      return Reflect.get(target, name)
    },
  })

  expect(readConfig(watched)).toEqual(readConfig(example))
  const googles = [...text.matchAll(/^# ([A-Z_]+_EMULATOR_HOST)=/gm)].map(([, name]) => name)
  expect([...Object.keys(example), ...googles].toSorted()).toEqual(
    [...read, 'PUBSUB_EMULATOR_HOST'].toSorted(),
  )
})

test('the documentation names the same variables and defaults', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const documented = readFileSync(new URL('../docs/ingest.md', import.meta.url), 'utf8')
  const rows = [...documented.matchAll(/^\| `([A-Z_]+)` +\| (\S+) /gm)]

  const defaults = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [
    name,
    name in env ? 'required' : value,
  ])
  expect(rows.map(([, name, value]) => [name, value])).toEqual(defaults)
})

test('each variable has its place and its unit', () => {
  const given = {
    PORT: '81',
    LANDING_MODE: 'load',
    BREAKER_SECONDS: '2',
    LOAD_EVERY_SECONDS: '3',
    BATCH_MAX_MESSAGES: '4',
    BATCH_MAX_BYTES: '5000',
    BATCH_MAX_AGE_MS: '60',
    FLOW_MAX_MESSAGES: '70',
    FLOW_MAX_BYTES: '8000000',
    STREAMS: '9',
    CONCURRENT_LANDINGS: '10',
    ACK_DEADLINE_SECONDS: '11',
    DRAIN_MS: '12',
    UNHEALTHY_AFTER_SECONDS: '13',
  }

  expect(readConfig({ ...env, ...given })).toEqual({
    projectId: env.GOOGLE_CLOUD_PROJECT,
    subscription: env.SUBSCRIPTION,
    bucket: env.BUCKET,
    rawTable: { dataset: 'raw', table: 'raw_events' },
    port: 81,
    loading: { mode: 'load', patienceMs: 2_000, everyMs: 3_000 },
    batch: { maxMessages: 4, maxBytes: 5_000, maxAgeMs: 60 },
    flow: { maxMessages: 70, maxBytes: 8_000_000 },
    streams: 9,
    concurrentLandings: 10,
    ackDeadlineSeconds: 11,
    drainMs: 12,
    unhealthyAfterSeconds: 13,
  })
})

test('everything wrong is named at once', () => {
  const missing = Object.fromEntries(Object.keys(env).map((name) => [name, undefined]))

  expect(problemsOf({ ...missing, STREAMS: '0' })).toHaveLength(5)
})

test.each([
  ['GOOGLE_CLOUD_PROJECT', 'Shop Events'],
  ['SUBSCRIPTION', 'projects/shop-events/subscriptions/s'],
  ['SUBSCRIPTION', 'ab'],
  ['BUCKET', 'gs://bucket'],
  ['RAW_TABLE', 'raw_events'],
  ['RAW_TABLE', 'shop-events.raw.raw_events'],
  ['PORT', '65536'],
  ['BATCH_MAX_MESSAGES', '1e3'],
  ['BATCH_MAX_AGE_MS', '-1'],
  ['FLOW_MAX_BYTES', '64MB'],
  ['ACK_DEADLINE_SECONDS', '601'],
  ['STORAGE_EMULATOR_HOST', '127.0.0.1:4443'],
  ['BREAKER_SECONDS', '0'],
  ['LANDING_MODE', 'files'],
])('%s=%s is refused in one sentence', (name, value) => {
  const [problem, ...others] = problemsOf({ [name]: value })

  expect(problem).toMatch(new RegExp(`^${name} is ".*": expected .*\\.$`))
  expect(others).toEqual([])
})
