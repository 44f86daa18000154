import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { imbalances } from '../../local/demo/balance.ts'
import { createResources } from '../../local/demo/create-resources.ts'
import { bucket, projectId, rawTable, topic } from '../../local/demo/names.ts'
import { createProducer, type Producer } from '../../local/demo/producer.ts'
import { readFiles } from '../../local/demo/read-files.ts'
import { readTables } from '../../local/demo/read-tables.ts'
import { runDataform } from '../../local/demo/run-dataform.ts'
import { childFailure, startChild } from '../../local/demo/start-child.ts'
import { createPublisher } from '../../local/generator/publish.ts'
import { runDataformUntil, type DataformRuns } from './dataform-until.ts'
import { landAll } from './land-all.ts'
import { planBlows, type Blow, type ChaosOptions } from './plan.ts'
import type { End } from './supervise.ts'
import { startCluster, type Cluster, type ClusterOptions } from './start-cluster.ts'

export type Outcome = {
  published: number
  blows: Blow[]
  /** During the faults. */
  dataformRuns: DataformRuns
  files: number
  lines: number
  rawEvents: number
  /** From the end of the faults to the last row. */
  recoverySeconds: number
  /** Nothing: every message is where it belongs, once. */
  problems: string[]
}

export type ChaosRun = ChaosOptions &
  ClusterOptions & {
    eventsPerSecond: number
    tell(what: string): void
  }

const faults = { malformed: 0.03, duplicates: 0.05, late: 0.05, outOfOrder: 0.05 }
const tickMs = 100

/**
 * Kills processes while events flow, lets them come up again, waits until all has landed, runs
 * Dataform and holds the books against what was published. Nobody mends anything by hand.
 */
export async function runChaos(run: ChaosRun): Promise<Outcome> {
  const { folder, ingesters, tell } = run
  const cluster = await startCluster(run)
  try {
    Object.assign(process.env, cluster.environment)
    // With a retry policy Google's emulator forgets some messages of a client that was killed.
    await createResources({ retriesAtOnce: true })
    await cluster.startIngesters(ingesters)
    const publisher = await createPublisher(projectId, topic)
    const events = run.seconds * run.eventsPerSecond
    const producer = createProducer({ publisher, seed: run.seed, faults, events })

    const blows = planBlows(run)
    const chaos = Promise.all([publishSteadily(producer, run), strike(cluster, blows, tell)])
    const [dataform, [, badEnds]] = await Promise.all([
      runDataformUntil(chaos, cluster, run),
      chaos,
    ])
    await publisher.close()
    const healedAt = performance.now()
    tell('all processes run again: what was published has to land')
    const left = await landAll(cluster, producer, tell)
    const recoverySeconds = (performance.now() - healedAt) / 1000
    const ends = await stopIngesters(cluster)

    tell('Dataform runs')
    await runDataform(cluster, ['run'], join(folder, 'logs', 'dataform.log'))
    tell('npm run verify runs')
    const discrepancies = await runVerify(cluster, folder)
    const [files, tables] = await Promise.all([readFiles(cluster.storageFolder), readTables()])
    return {
      published: producer.tally.messages,
      blows,
      dataformRuns: dataform.runs,
      files: files.files,
      lines: files.lines.length,
      rawEvents: tables.rawEvents.length,
      recoverySeconds,
      problems: [
        ...[...cluster.victims.values()].flatMap(({ unasked }) => unasked),
        ...badEnds,
        ...dataform.problems,
        ...left,
        ...ends,
        ...discrepancies,
        ...imbalances(producer.truth, files, tables),
      ],
    }
  } finally {
    await cluster.stop()
  }
}

async function publishSteadily(
  producer: Producer,
  { seconds, eventsPerSecond }: ChaosRun,
): Promise<void> {
  const started = performance.now()
  for (let done = 0; done < seconds * eventsPerSecond;) {
    const passed = Math.min(performance.now() - started, seconds * 1000)
    const due = Math.ceil((passed / 1000) * eventsPerSecond) - done
    if (due > 0) await producer.publish(due)
    done += Math.max(due, 0)
    await setTimeout(tickMs)
  }
}

/** Each victim takes its blows one after the other, all of them at the same time; SIGTERM has to end it well. */
async function strike(
  { victims }: Cluster,
  blows: Blow[],
  tell: (what: string) => void,
): Promise<string[]> {
  const started = performance.now()
  const problems: string[] = []
  const byVictim = Map.groupBy(blows, ({ victim }) => victim)
  const striking = [...byVictim].map(async ([name, own]) => {
    for (const { atMs, signal, downMs } of own) {
      await setTimeout(Math.max(0, atMs - (performance.now() - started)))
      tell(`${signal} to ${name}, away for ${(downMs / 1000).toFixed(1)} s`)
      const end = await victims.get(name)?.hit(signal, downMs)
      if (signal === 'SIGTERM' && end !== 0) problems.push(badEnd(name, end))
    }
  })
  await Promise.all(striking)
  return problems
}

async function runVerify({ environment }: Cluster, folder: string): Promise<string[]> {
  const name = 'npm run verify'
  const logFile = join(folder, 'logs', 'verify.log')
  const child = startChild({
    name,
    args: [join('verify', 'main.ts'), '--settle', '0'],
    environment: { ...environment, BUCKET: bucket, RAW_TABLE: rawTable },
    logFile,
  })
  const end = await child.ended
  return end === 0 ? [] : [(await childFailure(name, end, logFile)).message]
}

async function stopIngesters({ victims }: Cluster): Promise<string[]> {
  const ingesters = [...victims].filter(([name]) => name.startsWith('ingester'))
  const ends = ingesters.map(async ([name, ingester]) => ({
    name,
    end: await ingester.stop('SIGTERM'),
  }))
  return (await Promise.all(ends))
    .filter(({ end }) => end !== 0)
    .map(({ name, end }) => badEnd(name, end))
}

function badEnd(name: string, end: End | undefined): string {
  return `${name} ended with ${end} after SIGTERM, expected exit code 0`
}
