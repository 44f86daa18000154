import { CommandError } from '../../../command/command.ts'
import { showSummary, summarize, table } from '../../statistics.ts'
import type { Laboratory } from '../laboratory.ts'

type Sent = { rows: number; cpuMicros: number; ms: number }

export const transports = ['insertAll', 'AppendRows'] as const

/**
 * What a row costs the ingester's core by each transport of stream mode, its encoding included: insertAll by
 * HTTP, as the ingester sends it, and AppendRows by gRPC with rows that are encoded by hand.
 */
export async function compareTransports(
  laboratory: Laboratory,
  { runs, seconds, warmUpSeconds }: { runs: number; seconds: number; warmUpSeconds: number },
): Promise<string> {
  const senders = await Promise.all(
    transports.map(async (transport) => ({
      transport,
      process: await laboratory.startSender(transport),
      all: [] as Sent[],
    })),
  )
  try {
    for (const { process } of senders) await process.ask({ sendFor: warmUpSeconds }, 'sent')
    for (let run = 0; run < runs; run++) {
      for (const { process, all } of run % 2 ? senders.toReversed() : senders) {
        all.push((await process.ask({ sendFor: seconds }, 'sent')) as Sent)
      }
    }
  } finally {
    for (const { process } of senders) await process.kill()
  }
  const rows = senders.map(({ transport, all }) => [
    transport,
    showSummary(summarize(all.map(({ cpuMicros, rows: count }) => cpuMicros / count)), 2),
    showSummary(summarize(all.map(({ ms, rows: count }) => (count / ms) * 1_000)), 0),
  ])
  const [one, other] = senders
  if (!one || !other) throw new CommandError('there are not two transports')
  const ratio = summarize(
    one.all.map((sent, run) => microsPerRow(sent) / microsPerRow(other.all[run] ?? sent)),
  )
  return (
    `${table([['', 'CPU µs/row', 'rows/s, wall'], ...rows])}\n\n` +
    `${one.transport} / ${other.transport}, CPU of a row: ${showSummary(ratio, 2)}`
  )
}

function microsPerRow({ cpuMicros, rows }: Sent): number {
  return cpuMicros / rows
}
