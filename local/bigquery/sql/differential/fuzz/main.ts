import { runCommand, UsageError, wholeNumber } from '../../../../../command/command.ts'
import { seededRandom } from '../awkward-rows.ts'
import { startEngines } from '../start-engines.ts'
import { comparer, compareListed, fuzz } from './fuzz.ts'
import { fuzzQueries, queryComparer } from './fuzz-queries.ts'
import type { Tally } from './tally.ts'

process.exitCode = await runCommand({
  name: 'npm run fuzz',
  summary:
    'Compares random expressions, or whole queries, of the local BigQuery with GoogleSQL’s own evaluator.',
  options: {
    seed: { type: 'string', value: 'N', help: 'repeat a run (default: by the clock)' },
    expressions: { type: 'string', value: 'N', help: 'how many expressions (default 2000)' },
    queries: {
      type: 'string',
      value: 'N',
      help: 'so many whole queries, each over tables of its own, instead of expressions',
    },
    listed: {
      type: 'boolean',
      help: 'each function by itself, as the differential tests list them, instead of random ones',
    },
    rows: { type: 'string', value: 'N', help: 'over how many awkward rows (default 50)' },
  },
  async run(values) {
    const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
    const expressions = wholeNumber('expressions', values.expressions ?? '2000', { from: 1 })
    const queries = values.queries && wholeNumber('queries', values.queries, { from: 1 })
    if (queries !== undefined && (values.listed || values.expressions || values.rows)) {
      throw new UsageError('--queries goes with --seed only: each query has tables of its own')
    }
    const rows = wholeNumber('rows', values.rows ?? '50', { from: 1, to: 10_000 })
    const { engines, table, stop } = await startEngines({ seed, rows })
    try {
      const random = seededRandom(seed + 1)
      if (queries) {
        const tally = await fuzzQueries(
          { queries, random, onProgress: sayProgress },
          queryComparer(engines, table),
        )
        return print(tally, `queries, seed ${seed}`)
      }
      const run = comparer(engines, table)
      const tally = values.listed
        ? await compareListed(run)
        : await fuzz({ expressions, random }, run)
      return print(tally, `expressions over ${rows} rows, seed ${seed}`)
    } finally {
      await stop()
    }
  },
})

function sayProgress(done: number): void {
  if (done % 1000 === 0) process.stderr.write(`${done} queries …\n`)
}

function print({ counts, refusals, differences }: Tally, what: string): number {
  const refused = [...refusals].toSorted(([, a], [, b]) => b - a)
  const compared = Object.values(counts).reduce((sum, count) => sum + count)
  const lines = [
    `${compared} ${what}:`,
    `  same       ${counts.same}`,
    `  failing    ${counts.failing} (in both engines)`,
    `  refused    ${counts.refused}`,
    `  unchecked  ${counts.unchecked} (the reference evaluator lacks something)`,
    `  different  ${counts.different}`,
    ...refused.map(([because, times]) => `refused ${times}: ${because}`),
    ...differences.flatMap(({ sql, referenceSql, what: difference }) => [
      `different: ${sql}`,
      ...(referenceSql ? [`  for the reference: ${referenceSql}`] : []),
      `  ${difference}`,
    ]),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return differences.length === 0 ? 0 : 1
}
