import { once } from 'node:events'
import { join } from 'node:path'
import { createPublisher } from '../generator/publish.ts'
import { grouped } from '../generator/tally.ts'
import { imbalances } from './balance.ts'
import { createResources } from './create-resources.ts'
import { drain } from './drain.ts'
import { keepGoing } from './keep-going.ts'
import { makeFolder } from './make-folder.ts'
import { projectId, topic } from './names.ts'
import { openCloud, type OpenCloud } from './open-cloud.ts'
import type { DemoOptions } from './options.ts'
import { createProducer, type Producer } from './producer.ts'
import { readFiles } from './read-files.ts'
import { readTables } from './read-tables.ts'
import { runDataform, type DataformRun } from './run-dataform.ts'
import type { Child } from './start-child.ts'
import { startIngester } from './start-ingester.ts'
import { createSteps, type Steps } from './steps.ts'
import { afterwards, summary } from './summary.ts'

type Scene = {
  steps: Steps
  cloud: OpenCloud
  producer: Producer
  ingester: Child
  logs: string
}

/** Runs the demo in a folder of its own, made anew; the exit code says whether it balanced. */
export async function demo(options: DemoOptions): Promise<number> {
  const { folder } = options
  const started = performance.now()
  const steps = createSteps(process.stdout)
  await makeFolder(folder)
  const cloud = await steps.run('Start Pub/Sub, Cloud Storage and BigQuery', () =>
    openCloud(folder),
  )
  // Google's clients in this process read it, as those in other processes do.
  Object.assign(process.env, cloud.environment)
  await steps.run('Make topic, subscription, bucket and tables', () => createResources())
  const logs = join(folder, 'logs')
  const ingester = startIngester(cloud, join(logs, 'ingester.log'))
  const publisher = await createPublisher(projectId, topic)
  const events = options.events + options.more
  const producer = createProducer({ ...options, publisher, events })
  const code = await play({ steps, cloud, producer, ingester, logs }, options, started)
  // After a failure nobody waits for it: all of it ends with this process.
  await cloud.stop()
  return code
}

async function play(scene: Scene, options: DemoOptions, started: number): Promise<number> {
  const { steps, cloud, producer, ingester } = scene
  const first = await round(scene, options.events, 'first')
  const second = await round(scene, options.more, 'second')
  if (!options.keepRate) await steps.run('Stop the ingester', () => stopIngester(ingester))

  const [files, tables] = await steps.run('Hold the tables against what was published', () =>
    Promise.all([readFiles(cloud.storageFolder), readTables()]),
  )
  const problems = imbalances(producer.truth, files, tables)
  const assertionsPassed = [first.assertionsPassed, second.assertionsPassed]
  const { tally } = producer
  console.log(`\n${summary({ cloud, tally, files, tables, assertionsPassed })}\n`)
  if (problems.length > 0) {
    const report = ['It does not balance:', ...problems.map((problem) => `  ${problem}`)]
    console.error(report.join('\n'))
    return 1
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`It balances to the last event, after ${seconds} s.\n`)
  console.log(afterwards(cloud, options))
  if (options.keepRate) await keep(scene, options.keepRate)
  return 0
}

/** Publishes so many events, waits until they have landed, and has Dataform type them. */
async function round(
  { steps, cloud, producer, ingester, logs }: Scene,
  events: number,
  name: string,
): Promise<DataformRun> {
  const before = producer.tally.messages
  await steps.run(`Publish ${grouped(events)} events`, async (tell) => {
    await producer.publish(events)
    tell(`${grouped(producer.tally.messages - before)} messages`)
  })
  await steps.run('Land them in files and raw_events', async (tell) => {
    const waiting = drain(cloud.pubsubAddress, (unacked) => tell(`${grouped(unacked)} to go`))
    await Promise.race([waiting, ingester.failure])
    tell('')
  })
  return await steps.run('Run Dataform', async (tell) => {
    const run = await runDataform(cloud, ['run'], join(logs, `dataform-${name}.log`))
    tell(`${run.assertionsPassed} assertions passed`)
    return run
  })
}

async function stopIngester(ingester: Child): Promise<void> {
  const end = await ingester.stop()
  if (end !== 0) throw new Error(`it ended with ${end} instead of exit code 0`)
}

/** Until Ctrl-C; a second one does not wait for what is under way. */
async function keep({ cloud, producer, ingester, logs }: Scene, perSecond: number): Promise<void> {
  const stop = new AbortController()
  const asked = once(process, 'SIGINT').then(() => stop.abort())
  const going = keepGoing({ cloud, producer, ingester, perSecond, logs }, stop.signal)
  await Promise.race([going, asked])
  await stopIngester(ingester)
}
