import { BigQuery } from '@google-cloud/bigquery'
import { createRowTable } from '../../../ingest/bigquery-table.ts'
import { contractValidators } from '../../../ingest/contract-validators.ts'
import type { Event } from '../../../ingest/event.ts'
import { encodeRows } from '../../../ingest/line.ts'
import { toEvent } from '../../../ingest/to-event.ts'
import { orders } from '../orders.ts'
import { openRowStream } from './append-rows.ts'

// Sends the same batches of rows over and over by one transport, as many at a time as the ingester does.
const batchSize = 2_000
const inFlight = 4
const objectName = 'output/order/2025/02/08/13/09/order_2025020813090001.json'
const [transport = '', address = ''] = process.argv.slice(2)
const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? ''
const [dataset = '', table = ''] = (process.env['RAW_TABLE'] ?? '').split('.')

const events = orders(batchSize).map((data, index) =>
  toEvent(
    {
      ackId: '',
      messageId: String(13_579_246_801_234 + index),
      publishTime: '2025-02-08T13:09:59.123Z',
      attributes: {},
      data,
    },
    contractValidators(),
    0,
  ),
)

const openers: Record<string, () => (batch: readonly Event[]) => Promise<unknown>> = {
  insertAll() {
    const rows = createRowTable(new BigQuery({ projectId }), { dataset, table })
    return (batch) => rows.insert(encodeRows(batch, objectName))
  },
  AppendRows() {
    const name = `projects/${projectId}/datasets/${dataset}/tables/${table}`
    const stream = openRowStream(address, name)
    return (batch) => stream.append(batch, objectName)
  },
}
const send = openers[transport]?.()

async function sendFor(seconds: number) {
  if (!send) throw new Error(`there is no transport ${transport}`)
  const until = performance.now() + seconds * 1_000
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  let rows = 0
  async function sender(): Promise<void> {
    while (performance.now() < until) {
      await send?.(events)
      rows += events.length
    }
  }
  await Promise.all(Array.from({ length: inFlight }, sender))
  const { user, system } = process.cpuUsage(cpu)
  return { rows, cpuMicros: user + system, ms: performance.now() - startedAt }
}

// It lives as long as somebody may ask.
process.channel?.ref()
process.on('message', async (order: { sendFor?: number } | string) => {
  if (typeof order === 'string' || order.sendFor === undefined) return
  process.send?.({ sent: await sendFor(order.sendFor) })
})
process.send?.({ ready: true })
