import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runDataform } from '../../local/demo/run-dataform.ts'
import type { Cluster } from './start-cluster.ts'

/** How many runs there were, and how many failed because BigQuery was killed meanwhile. */
export type DataformRuns = { all: number; failed: number }

const everyMs = 20_000

/** Runs the models now and then; a run may fail if BigQuery is killed meanwhile, and the next mends it. */
export async function runDataformUntil(
  chaos: Promise<unknown>,
  cluster: Cluster,
  { folder, tell }: { folder: string; tell: (what: string) => void },
): Promise<{ runs: DataformRuns; problems: string[] }> {
  const bigquery = cluster.victims.get('BigQuery')
  const runs = { all: 0, failed: 0 }
  const problems: string[] = []
  let isOver = false
  const over = chaos.finally(() => (isOver = true))
  for (;;) {
    await Promise.race([over, setTimeout(everyMs)])
    if (isOver) return { runs, problems }
    await bigquery?.untilUp()
    const lives = bigquery?.lives()
    tell(`Dataform runs for the ${++runs.all}. time`)
    const logFile = join(folder, 'logs', `dataform-${runs.all}.log`)
    await runDataform(cluster, ['run'], logFile).catch((error: Error) => {
      runs.failed++
      if (bigquery?.lives() === lives) problems.push(error.message)
    })
  }
}
