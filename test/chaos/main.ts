import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError, runCommand, UsageError, wholeNumber } from '../../command/command.ts'
import { grouped } from '../../local/generator/tally.ts'
import { runChaos, type Outcome } from './chaos.ts'
import { openGooglePubSub } from './google-pubsub.ts'

const code = await runCommand({
  name: 'npm run chaos',
  summary:
    'Kills ingesters, the local BigQuery and the local Cloud Storage, each a process, again and again while events flow; ' +
    'then every message must have landed and the books must balance, without any help.',
  options: {
    seed: { type: 'string', value: 'N', help: 'which events and which kills (default: by chance)' },
    seconds: { type: 'string', value: 'S', help: 'how long events flow (default 60)' },
    ingesters: { type: 'string', value: 'N', help: 'how many share the subscription (default 2)' },
    rate: { type: 'string', value: 'N', help: 'events a second (default 300)' },
    mode: { type: 'string', value: 'MODE', help: 'LANDING_MODE: stream (default) or load' },
    google: {
      type: 'boolean',
      help: "with Google's Pub/Sub emulator: the one of PUBSUB_EMULATOR_HOST, or gcloud's is started",
    },
    keep: { type: 'boolean', help: 'keep the folder with logs, files and tables' },
  },
  async run({
    seed,
    seconds = '60',
    ingesters = '2',
    rate = '300',
    mode = 'stream',
    google,
    keep,
  }) {
    const run = {
      seed: seed === undefined ? Date.now() % 1_000_000 : wholeNumber('seed', seed),
      seconds: wholeNumber('seconds', seconds, { from: 5 }),
      ingesters: wholeNumber('ingesters', ingesters, { from: 1, to: 16 }),
      eventsPerSecond: wholeNumber('rate', rate, { from: 1 }),
      landingMode: landingMode(mode),
      tell: say,
    }
    const folder = await mkdtemp(join(tmpdir(), 'chaos-'))
    say(`seed ${run.seed}, everything in ${folder}`)
    const pubsub = google ? await openGooglePubSub() : undefined
    const outcome = await runChaos({
      ...run,
      folder,
      ...(pubsub && { foreignPubSub: pubsub.address }),
    })
      .catch((error: Error) => {
        throw new CommandError(`${error.message}\nLogs, files and tables: ${folder}`, {
          cause: error,
        })
      })
      .finally(() => pubsub?.stop())
    print(report(outcome))
    if (outcome.problems.length > 0 || keep) print(`\nLogs, files and tables: ${folder}`)
    else await rm(folder, { recursive: true })
    return outcome.problems.length > 0 ? 1 : 0
  },
})
// Clients keep connections open for a while; nothing more is to come over them.
process.exit(code)

function landingMode(text: string): 'stream' | 'load' {
  if (text === 'stream' || text === 'load') return text
  throw new UsageError(`--mode must be stream or load, not '${text}'`)
}

function report(outcome: Outcome): string {
  const { published, files, lines, rawEvents, recoverySeconds, dataformRuns, problems } = outcome
  const victims = Map.groupBy(outcome.blows, ({ victim, signal }) => `${signal} to ${victim}`)
  const blows = [...victims].map(([what, { length }]) => `${what} ${length}`)
  return [
    '',
    `messages published    ${grouped(published)}`,
    `lines under output/   ${grouped(lines)} in ${grouped(files)} files`,
    `raw events            ${grouped(rawEvents)}`,
    `blows                 ${blows.toSorted().join(', ')}`,
    `runs of Dataform      ${dataformRuns.all} meanwhile, ${dataformRuns.failed} failed as BigQuery was killed`,
    `landed after the last fault within ${recoverySeconds.toFixed(1)} s`,
    problems.length === 0 ? 'It balances to the last message.' : 'It does not balance:',
    ...problems.map((problem) => `  ${problem.replaceAll('\n', '\n    ')}`),
  ].join('\n')
}

function say(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
