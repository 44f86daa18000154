import { CommandError, runCommand, UsageError, type CommandValues } from '../../command/command.ts'
import { withFaults, type Publication } from './faults.ts'
import { options, readPlan, type Plan } from './plan.ts'
import { showProgress } from './progress.ts'
import { createPublisher, publishAll, publishFailure } from './publish.ts'
import { openShop } from './shop.ts'
import { takeEvents } from './take-events.ts'
import { count, emptyTally, tell } from './tally.ts'
import { writeLines } from './write-lines.ts'

process.exitCode = await runCommand({
  name: 'npm run generate',
  summary: 'Makes the events of a believable shop and publishes them, or writes them to a file.',
  options,
  run: generate,
})

async function generate(values: CommandValues<typeof options>): Promise<void> {
  const plan = readPlan(values, Date.now())
  if (values.out && (values.rate || values.topic)) {
    throw new UsageError('--out excludes --rate and --topic')
  }
  const publications = takeEvents(withFaults(openShop(plan), plan.faults, plan.seed), plan.events)
  const tally = emptyTally()
  const progress = showProgress(process.stderr, plan.events)
  const note = (batch: Publication[]) => {
    count(tally, batch)
    progress.update(tally.events)
  }

  try {
    if (values.out) await writeLines(values.out, publications, note)
    else await publish(publications, plan, topicOf(values), note)
  } finally {
    progress.stop()
  }
  console.log(`${values.out ? 'Wrote' : 'Published'} ${tell(tally)}.`)
  const start = new Date(plan.start).toISOString()
  console.log(`The same options with --seed ${plan.seed} --start ${start} make the same events.`)
}

function topicOf({ project, topic }: CommandValues<typeof options>) {
  const projectId = project ?? process.env['GOOGLE_CLOUD_PROJECT']
  if (!projectId) throw new UsageError('no project: give --project or set GOOGLE_CLOUD_PROJECT')
  return { projectId, topic: topic ?? 'backend-events-topic' }
}

async function publish(
  publications: Iterable<Publication>,
  { perSecond }: Plan,
  { projectId, topic }: { projectId: string; topic: string },
  onPublished: (batch: Publication[]) => void,
): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const publisher = await createPublisher(projectId, topic)
  const started = Date.now()
  try {
    await publishAll(publications, {
      publisher,
      due: (_, index) => started + (perSecond ? (index * 1000) / perSecond : 0),
      signal: stop.signal,
      onPublished,
    })
  } catch (error) {
    const reason = publishFailure(error)
    throw new CommandError(`cannot publish to ${topic} of ${projectId}: ${reason}`, {
      cause: error,
    })
  } finally {
    await publisher.close()
  }
}
