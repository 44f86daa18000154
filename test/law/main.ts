import { runCommand, wholeNumber } from '../../command/command.ts'
import { grouped } from '../../local/generator/tally.ts'
import { createCounter } from '../simulator/progress.ts'
import { openLaw, type Law } from './law.ts'

const defaultSchedules = 200
const mostBroken = 5

process.exitCode = await runCommand({
  name: 'npm run law',
  summary:
    'Runs random schedules of incremental runs, by the SQL that the Dataform CLI sends, on a local BigQuery in memory: ' +
    'a full refresh must give the same rows, whatever came late, twice, out of order or in conflict.',
  options: {
    schedules: {
      type: 'string',
      value: 'N',
      help: `how many to run (default ${defaultSchedules})`,
    },
    seed: { type: 'string', value: 'K', help: 'the first seed, a schedule each (default 1)' },
  },
  async run({ schedules = String(defaultSchedules), seed = '1' }) {
    const count = wholeNumber('schedules', schedules, { from: 1 })
    const first = wholeNumber('seed', seed)
    const law = await openLaw()
    try {
      return await checkMany(law, first, count)
    } finally {
      await law.stop()
    }
  },
})

async function checkMany(law: Law, first: number, count: number): Promise<number> {
  const started = performance.now()
  const counter = createCounter(process.stderr, count)
  let checked = 0
  let broken = 0
  let runs = 0
  let rawEvents = 0
  while (checked < count && broken < mostBroken) {
    const seed = first + checked
    const verdict = await law.check(seed)
    checked++
    runs += verdict.runs
    rawEvents += verdict.rawEvents
    if (verdict.problems.length > 0) {
      broken++
      counter.clear()
      print(`seed ${seed} breaks the law:`)
      for (const problem of verdict.problems) print(`  ${problem}`)
      print(`again: npm run law -- --schedules 1 --seed ${seed}`)
    }
    counter.show(checked, broken)
  }
  counter.clear()
  const seconds = Math.round((performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage()
  print(
    `${grouped(checked)} schedules, ${grouped(runs)} runs, ${grouped(rawEvents)} raw events in ` +
      `${grouped(seconds)} s (${grouped(Math.round((user + system) / 1e6))} s of processor time): ` +
      `${broken === 0 ? 'the law holds' : `${broken} break the law`}`,
  )
  return broken > 0 ? 1 : 0
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
