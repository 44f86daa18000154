import type { Validators } from '../ingest/contract-validators.ts'
import type { Event, Message } from '../ingest/event.ts'
import { toEvent } from '../ingest/to-event.ts'
import { lastingCodes, type OpenRejection } from './open-rejections.ts'
import { readMessages } from './read-messages.ts'

export type Revalidation = {
  rejections: OpenRejection[]
  validators: Validators
  /** The content of a file; undefined where there is none. */
  readFile: (objectName: string) => Promise<Buffer | undefined>
  /** Lands events of one publish minute again; absent: nothing is landed. */
  land?: (events: Event[]) => Promise<void>
  onProgress: (checked: number) => void
  /** One sentence about what could not be read. */
  onProblem: (sentence: string) => void
}

/** What became of the open rejections: the other figures add up to `open`. */
export type Summary = {
  open: number
  /** They keep their contract by now: they were landed again, or would have been. */
  mended: number
  /** They break today's contract as well. */
  stillBroken: number
  /** They had been landed again before, and wait for the next run of Dataform. */
  waiting: number
  /** Their reason is none of a contract: a misplaced time, a size. */
  lasting: number
  /** Their line could not be read. */
  unreadable: number
}

const concurrentMinutes = 4

/** Holds open rejections against today's contracts, a publish minute at a time. */
export async function revalidate(revalidation: Revalidation): Promise<Summary> {
  const { rejections, onProgress } = revalidation
  const lasting = rejections.filter(isLasting).length
  const mendable = rejections.filter((one) => !isLasting(one))
  const waiting = mendable.filter(({ hasLanded }) => hasLanded).length
  const minutes = Map.groupBy(
    mendable.filter(({ hasLanded }) => !hasLanded),
    ({ minute }) => minute,
  )

  const summary = { mended: 0, stillBroken: 0, unreadable: 0 }
  let checked = lasting + waiting
  const next = minutes.values()
  async function work(): Promise<void> {
    for (const group of next) {
      const messages = await readGroup(group, revalidation)
      const events = messages.map((message) => toEvent(message, revalidation.validators, 0))
      const good = events.filter(({ errors }) => errors.length === 0)
      if (good.length > 0) await revalidation.land?.(good)
      summary.mended += good.length
      summary.stillBroken += events.length - good.length
      summary.unreadable += group.length - events.length
      checked += group.length
      onProgress(checked)
    }
  }
  await Promise.all(Array.from({ length: concurrentMinutes }, work))
  return { open: rejections.length, ...summary, waiting, lasting }
}

/** Whether no contract is the reason. */
function isLasting({ codes }: OpenRejection): boolean {
  return codes.some((code) => lastingCodes.includes(code))
}

/** The messages of one minute as their files have them; what cannot be read is told and left out. */
async function readGroup(
  group: OpenRejection[],
  { readFile, onProblem }: Revalidation,
): Promise<Message[]> {
  const messages: Message[] = []
  for (const [objectName, rejections] of Map.groupBy(group, (one) => one.objectName)) {
    const ids = new Set(rejections.map(({ messageId }) => messageId))
    const content = objectName === undefined ? undefined : await readFile(objectName)
    const found = content
      ? readMessages(content, objectName ?? '', ids)
      : new Map<string, Message>()
    messages.push(...found.values())
    const [lost] = [...ids].filter((id) => !found.has(id))
    if (lost === undefined) continue
    const more = ids.size - found.size - 1
    onProblem(
      `message ${lost}${more > 0 ? ` and ${more} more` : ''}: ${placeOf(objectName, content)}`,
    )
  }
  return messages
}

function placeOf(objectName: string | undefined, content: Buffer | undefined): string {
  if (objectName === undefined) return 'raw_events names no file that holds the line'
  if (!content) return `${objectName}, which should hold the line, does not exist`
  return `${objectName} holds no line of it that the ingester wrote`
}
