/** All that the ingester is told from outside; `.env.example` says what each value means. */
export type Config = {
  projectId: string
  subscription: string
  bucket: string
  /** Dataset and table, within the project. */
  rawTable: { dataset: string; table: string }
  port: number
  loading: { mode: 'stream' | 'load'; patienceMs: number; everyMs: number }
  batch: { maxMessages: number; maxBytes: number; maxAgeMs: number }
  flow: { maxMessages: number; maxBytes: number }
  streams: number
  concurrentLandings: number
  ackDeadlineSeconds: number
  drainMs: number
  unhealthyAfterSeconds: number
}

/** The environment is not a configuration; each problem is one sentence. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: string[]

  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

type Env = Record<string, string | undefined>

/** Reads the whole configuration, or throws a ConfigError that names everything wrong with it. */
export function readConfig(env: Env): Config {
  const problems: string[] = []

  function name(variable: string, pattern: RegExp, expected: string): string {
    const value = env[variable] ?? ''
    if (value === '') problems.push(`${variable} is missing: expected ${expected}.`)
    else if (!pattern.test(value)) {
      problems.push(`${variable} is ${quoted(value)}: expected ${expected}.`)
    }
    return value
  }

  function integer(variable: string, fallback: number, [least, most]: [number, number]): number {
    const text = env[variable] ?? ''
    if (text === '') return fallback
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    problems.push(
      `${variable} is ${quoted(text)}: expected a whole number from ${least} to ${most}.`,
    )
    return fallback
  }

  function landingMode(): 'stream' | 'load' {
    const text = env['LANDING_MODE'] ?? ''
    if (text === 'stream' || text === '') return 'stream'
    if (text !== 'load') {
      problems.push(`LANDING_MODE is ${quoted(text)}: expected stream or load.`)
    }
    return 'load'
  }

  const projectId = name(
    'GOOGLE_CLOUD_PROJECT',
    /^([a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    'the id of a Google Cloud project, such as shop-events',
  )
  const subscription = name(
    'SUBSCRIPTION',
    /^[A-Za-z][\w.~+%-]{2,254}$/,
    'the short name of a Pub/Sub subscription, such as backend-events-topic-sub',
  )
  const bucket = name(
    'BUCKET',
    /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
    'the name of a Cloud Storage bucket, without gs://',
  )
  const [dataset = '', table = ''] = name(
    'RAW_TABLE',
    /^\w{1,1024}\.[\p{L}\p{N}_-]{1,1024}$/u,
    'dataset.table, such as raw.raw_events',
  ).split('.')
  for (const variable of ['STORAGE_EMULATOR_HOST', 'BIGQUERY_EMULATOR_HOST']) {
    const value = env[variable]
    if (value === undefined || /^https?:\/\/[^/\s]+/.test(value)) continue
    problems.push(`${variable} is ${quoted(value)}: expected an address with http://.`)
  }

  const config: Config = {
    projectId,
    subscription,
    bucket,
    rawTable: { dataset, table },
    port: integer('PORT', 8080, [0, 65_535]),
    loading: {
      mode: landingMode(),
      patienceMs: integer('BREAKER_SECONDS', 60, [1, 86_400]) * 1000,
      everyMs: integer('LOAD_EVERY_SECONDS', 120, [1, 86_400]) * 1000,
    },
    batch: {
      maxMessages: integer('BATCH_MAX_MESSAGES', 2_000, [1, 10_000]),
      maxBytes: integer('BATCH_MAX_BYTES', 4 * 2 ** 20, [1_024, 64 * 2 ** 20]),
      maxAgeMs: integer('BATCH_MAX_AGE_MS', 10_000, [10, 300_000]),
    },
    flow: {
      maxMessages: integer('FLOW_MAX_MESSAGES', 10_000, [10, 1_000_000]),
      maxBytes: integer('FLOW_MAX_BYTES', 64 * 2 ** 20, [2 ** 20, 2 ** 32]),
    },
    streams: integer('STREAMS', 4, [1, 20]),
    concurrentLandings: integer('CONCURRENT_LANDINGS', 16, [1, 64]),
    ackDeadlineSeconds: integer('ACK_DEADLINE_SECONDS', 60, [10, 600]),
    drainMs: integer('DRAIN_MS', 7_000, [0, 600_000]),
    unhealthyAfterSeconds: integer('UNHEALTHY_AFTER_SECONDS', 300, [1, 86_400]),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
