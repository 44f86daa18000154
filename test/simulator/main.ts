import { runCommand, UsageError, wholeNumber } from '../../command/command.ts'
import { grouped } from '../../local/generator/tally.ts'
import { planOutage, type OutageOptions } from './outage-plan.ts'
import { createCounter } from './progress.ts'
import { simulate, type Outcome } from './simulate.ts'
import { addRun, emptySummary, textOf } from './summary.ts'

const defaultSeeds = 1_000
const mostViolations = 10

process.exitCode = await runCommand({
  name: 'npm run simulate',
  summary:
    'Runs the real ingester over simulated services that fail in every way, one run a seed, and checks that no event is lost.',
  options: {
    seeds: { type: 'string', value: 'N', help: `how many seeds to run (default ${defaultSeeds})` },
    from: { type: 'string', value: 'K', help: 'the first seed (default 1)' },
    outage: {
      type: 'boolean',
      help: 'ten virtual minutes without each service instead, at 1,000 messages/s',
    },
    rate: { type: 'string', value: 'N', help: 'with --outage: messages/s' },
    disorder: {
      type: 'string',
      value: 'N',
      help: 'with --outage: one of the N oldest messages comes next (default 200)',
    },
    landings: {
      type: 'string',
      value: 'N',
      help: 'with --outage: CONCURRENT_LANDINGS (default 16)',
    },
    seed: { type: 'string', value: 'N', help: 'run this seed alone and print each of its steps' },
  },
  async run({ seeds, from, seed, outage, ...ofOutage }) {
    if (outage) {
      if (seeds ?? from ?? seed) throw new UsageError('--outage draws nothing: it takes no seeds')
      const { rate, disorder, landings } = ofOutage
      return runOutages({
        messagesPerSecond: wholeNumber('rate', rate ?? '1000', { from: 1 }),
        disorder: wholeNumber('disorder', disorder ?? '200', { from: 1 }),
        concurrentLandings: wholeNumber('landings', landings ?? '16', { from: 1 }),
      })
    }
    const [stray] = Object.keys(ofOutage)
    if (stray) throw new UsageError(`--${stray} goes with --outage`)
    if (seed !== undefined && (seeds ?? from)) throw new UsageError('--seed runs that seed alone')
    if (seed !== undefined) return replay(wholeNumber('seed', seed))
    const count = seeds === undefined ? defaultSeeds : wholeNumber('seeds', seeds, { from: 1 })
    return runMany(from === undefined ? 1 : wholeNumber('from', from), count)
  },
})

async function runMany(first: number, count: number): Promise<number> {
  const summary = emptySummary()
  const counter = createCounter(process.stderr, count)
  const started = performance.now()
  for (let seed = first; seed < first + count; seed++) {
    addRun(summary, await simulate(seed))
    counter.show(summary.runs, summary.violations.length)
    if (summary.violations.length === mostViolations) break
  }
  counter.clear()
  process.stdout.write(`${textOf(summary, (performance.now() - started) / 1000)}\n`)
  for (const outcome of summary.violations) process.stdout.write(`\n${describe(outcome)}\n`)
  return summary.violations.length > 0 ? 1 : 0
}

async function runOutages(options: OutageOptions): Promise<number> {
  let violations = 0
  for (const service of ['BigQuery', 'Cloud Storage', 'Pub/Sub'] as const) {
    process.stderr.write(`without ${service}, ${options.messagesPerSecond} messages/s…\n`)
    const plan = planOutage(service, options)
    const { violation, messages, rows, loadJobs, mostHeld, catchUpMs } = await simulate(1, { plan })
    if (violation) violations++
    const verdict = violation ? `violates ${violation.invariant}: ${violation.what}` : 'all kept'
    const figures = [
      `${grouped(messages)} messages`,
      `${grouped(rows - messages)} rows twice`,
      `${grouped(loadJobs)} load jobs`,
      `at most ${grouped(mostHeld)} held`,
      `caught up after ${Math.round(catchUpMs / 1000)} s`,
    ]
    process.stdout.write(`without ${service}: ${figures.join(', ')}; ${verdict}\n`)
  }
  return violations > 0 ? 1 : 0
}

async function replay(seed: number): Promise<number> {
  const trace: string[] = []
  const outcome = await simulate(seed, { trace })
  process.stdout.write(`${trace.join('\n')}\n\n${describe(outcome)}\n`)
  return outcome.violation ? 1 : 0
}

function describe({ seed, violation, messages, files, rows }: Outcome): string {
  if (!violation)
    return `seed ${seed}: ${messages} messages, ${files} files, ${rows} rows, all kept`
  const { invariant, what } = violation
  return `seed ${seed} violates ${invariant}: ${what}\nevery step: npm run simulate -- --seed ${seed}`
}
