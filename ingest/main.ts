import { endWithItsReader } from '../command/closed-pipe.ts'
import { createLoadJobs } from './bigquery-load-jobs.ts'
import { createRequest } from './bigquery-request.ts'
import { createRowTable } from './bigquery-table.ts'
import { resourceChecks, type ResourceCheck } from './check-resources.ts'
import { systemClock as clock } from './clock.ts'
import { createLedgerStore, createPendingNotes, readObject } from './cloud-storage-pending.ts'
import { createObjectStore } from './cloud-storage.ts'
import { ConfigError, readConfig } from './config.ts'
import { connect } from './connect.ts'
import { contractValidators } from './contract-validators.ts'
import { startHealthServer } from './health-server.ts'
import type { Health } from './health.ts'
import { startIngester } from './ingester.ts'
import { createLog, reasonOf } from './log.ts'
import { createSubscription, limitsOf } from './pubsub-subscription.ts'
import { createReports } from './reports.ts'

const help = `npm run ingest: lands the messages of a Pub/Sub subscription in Cloud Storage and BigQuery.
It takes no options: .env.example names the environment variables that configure it.
`
/** A terminal tells Ctrl-C to all, and npm passes it on to us once more. */
const echoMs = 1_000

const log = createLog((line) => void process.stdout.write(line), clock.now)
let endUnread = (): void => process.exit(1)

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') return void process.stdout.write(help)
  if (argument !== undefined) throw new ConfigError([`${argument} is unknown: try --help.`])

  const config = readConfig(process.env)
  contractValidators()
  const clients = await connect(config)
  const { problems, away } = await look(resourceChecks(clients, config))
  if (problems.length > 0) return fail(1, problems)

  const { subscriber, bucket, bigquery } = clients
  const name = subscriber.subscriptionPath(config.projectId, config.subscription)
  const ingester = startIngester(
    {
      subscription: createSubscription(subscriber, name, limitsOf(config)),
      store: createObjectStore(bucket),
      table: createRowTable(bigquery, config.rawTable),
      loading: {
        notes: createPendingNotes(bucket),
        ledger: createLedgerStore(bucket),
        jobs: createLoadJobs(createRequest(bigquery), { ...config, ...config.rawTable }),
        readFile: (objectName) => readObject(bucket, objectName),
      },
      clock,
      random: Math.random,
      log,
    },
    config,
  )
  const server = await startHealthServer(ingester.health, config.port)
  const port = portOf(server.address())
  log('INFO', 'started', { subscription: name, bucket: config.bucket, port })
  for (const check of away) void watch(check, ingester.health)

  let stoppedAt: number | undefined
  async function stop(signal: string): Promise<void> {
    if (stoppedAt !== undefined) {
      if (signal === 'SIGINT' && clock.elapsed() - stoppedAt < echoMs) return
      process.exit(1)
    }
    stoppedAt = clock.elapsed()
    log('INFO', 'stopping', { signal })
    const { landed, givenBack } = await ingester.stop()
    log('INFO', 'stopped', { landed, given_back: givenBack })
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Without a reader of its log, as behind `| head`, it still lands what it holds.
  endUnread = () => void stop('SIGPIPE')
}

/** What is configured wrongly ends the process at once; a service that is away does not. */
async function look(
  checks: ResourceCheck[],
): Promise<{ problems: string[]; away: ResourceCheck[] }> {
  const outcomes = await Promise.allSettled(checks.map(({ find }) => find()))
  return {
    problems: outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' && outcome.value !== undefined ? [outcome.value] : [],
    ),
    away: checks.filter((_, index) => outcomes[index]?.status === 'rejected'),
  }
}

/** Looks again until the service answers: its health must not wait for a message to land. */
async function watch({ dependency, find }: ResourceCheck, health: Health): Promise<void> {
  const { signal } = new AbortController()
  const reports = createReports({ health, log, clock, random: Math.random, signal })
  await reports.persistently(dependency)(async () => {
    const problem = await find()
    if (problem !== undefined) throw new Error(problem)
  })
  log('INFO', `${dependency} is there`)
}

function portOf(address: string | { port: number } | null): number | undefined {
  return typeof address === 'object' ? address?.port : undefined
}

function isPortInUse(error: unknown): error is Error & { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
}

function fail(code: number, problems: string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.exit(code)
}

endWithItsReader(() => endUnread())
process.on('uncaughtException', (error) => {
  log('ERROR', `the ingester ends: ${reasonOf(error)}`, { stack: error.stack })
  process.exit(1)
})

main().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(2, error.problems)
  else if (isPortInUse(error)) fail(1, [`PORT ${error.port} is in use by another process.`])
  else fail(1, [reasonOf(error)])
})
