import { runCommand, wholeNumber } from '../../../../command.ts'
import { seededRandom } from '../awkward-rows.ts'
import { startEngines } from '../start-engines.ts'
import { comparer, compareListed, fuzz, type Tally } from './fuzz.ts'

process.exitCode = await runCommand({
  name: 'npm run fuzz',
  summary: 'Compares random expressions of the local BigQuery with GoogleSQL’s own evaluator.',
  options: {
    seed: { type: 'string', value: 'N', help: 'repeat a run (default: by the clock)' },
    expressions: { type: 'string', value: 'N', help: 'how many expressions (default 2000)' },
    listed: {
      type: 'boolean',
      help: 'each function by itself, as the differential tests list them, instead of random ones',
    },
    rows: { type: 'string', value: 'N', help: 'over how many awkward rows (default 50)' },
  },
  async run(values) {
    const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
    const expressions = wholeNumber('expressions', values.expressions ?? '2000', { from: 1 })
    const rows = wholeNumber('rows', values.rows ?? '50', { from: 1, to: 10_000 })
    const { engines, table, stop } = await startEngines({ seed, rows })
    try {
      const random = seededRandom(seed + 1)
      const run = comparer(engines, table)
      const tally = values.listed
        ? await compareListed(run)
        : await fuzz({ expressions, random }, run)
      process.stdout.write(report(tally, { seed, rows }))
      return tally.differences.length === 0 ? 0 : 1
    } finally {
      await stop()
    }
  },
})

function report(
  { counts, refusals, differences }: Tally,
  { seed, rows }: { seed: number; rows: number },
): string {
  const refused = [...refusals].toSorted(([, a], [, b]) => b - a)
  const expressions = Object.values(counts).reduce((sum, count) => sum + count)
  return [
    `${expressions} expressions over ${rows} rows, seed ${seed}:`,
    `  same       ${counts.same}`,
    `  failing    ${counts.failing} (in both engines)`,
    `  refused    ${counts.refused}`,
    `  unchecked  ${counts.unchecked} (the reference evaluator lacks a function)`,
    `  different  ${counts.different}`,
    ...refused.map(([because, times]) => `refused ${times}: ${because}`),
    ...differences.flatMap(({ sql, what }) => [`different: ${sql}`, `  ${what}`]),
    '',
  ].join('\n')
}
