import { sleep } from './clock.ts'
import { eventOfLine } from './decode-line.ts'
import { landRows, type RowTable } from './land-rows.ts'
import type { PendingLoader } from './pending-loader.ts'

const renewEveryMs = 60_000

/**
 * For files that BigQuery does not load: insertAll takes their rows one by one, bad ones as bytes.
 * Meanwhile the claim to them is renewed. Answers false, with rows left, if another instance has it.
 */
export async function landByRows(
  loader: PendingLoader,
  files: readonly string[],
  renew: (renewals: number) => Promise<boolean>,
): Promise<boolean> {
  const { clock } = loader
  const landing = new AbortController()
  let isOurs = true

  async function keepClaim(): Promise<void> {
    for (let renewals = 1; isOurs; renewals++) {
      await sleep(clock, renewEveryMs, landing.signal)
      isOurs = await renew(renewals)
    }
  }

  // It rejects when the landing is over, or when the ingester gives up: as the landing itself then does.
  const keeping = keepClaim().catch(() => {})
  const table: RowTable = {
    insert: async (body) => (isOurs ? await loader.table.insert(body) : []),
  }
  try {
    for (const file of files) await landFileByRows({ ...loader, table }, file)
  } finally {
    landing.abort()
    await keeping
  }
  return isOurs
}

async function landFileByRows(loader: PendingLoader, objectName: string): Promise<void> {
  const { readFile, persistFile, persistRows, table, log } = loader
  const content = await persistFile(() => readFile(objectName))
  if (!content) {
    log('ERROR', 'a pending file is gone, its rows are lost', { object_name: objectName })
    return
  }
  const lines = content.toString().trimEnd().split('\n')
  const events = lines.flatMap((line) => eventOfLine(line, objectName) ?? [])
  const unread = lines.length - events.length
  if (unread > 0) {
    const what = 'a pending file holds lines that the ingester did not write: they have no rows'
    log('ERROR', what, { object_name: objectName, lines: unread })
  }
  if (events.length === 0) return
  const refused = await landRows(events, objectName, table, persistRows)
  const facts = { object_name: objectName, lines: lines.length, refused }
  log('INFO', 'pending file landed by rows', facts)
}
