import { BigQuery } from '@google-cloud/bigquery'
import { PubSub, type Message } from '@google-cloud/pubsub'
import { Storage } from '@google-cloud/storage'
import { Ajv, type ValidateFunction } from 'ajv'
import { inventory, order, user_activity } from '../../../includes/contracts.js'

// What one would write with the documentation of Google's clients open: the same work as the ingester's
// (parse, validate, file, row, acknowledge), 500 events at a time, with the clients' own conveniences.
// It does not classify bad messages, nor survive an outage; it only has to be fast here.
const batchSize = 500
const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? ''
const bucket = new Storage().bucket(process.env['BUCKET'] ?? '')
const [dataset = '', name = ''] = (process.env['RAW_TABLE'] ?? '').split('.')
const table = new BigQuery({ projectId }).dataset(dataset).table(name)
const ajv = new Ajv({ strict: false, validateFormats: false })
const isValid = new Map<string, ValidateFunction>(
  [order, inventory, user_activity].map(({ eventType, schema }) => [
    eventType,
    ajv.compile(schema),
  ]),
)

const batch: { message: Message; row: Record<string, unknown> }[] = []
let files = 0

const subscription = new PubSub().subscription(process.env['SUBSCRIPTION'] ?? '', {
  flowControl: { maxMessages: 10_000 },
})
subscription.on('error', (error) => {
  throw error
})
subscription.on('message', (message) => {
  const event = JSON.parse(message.data.toString())
  const errors = isValid.get(event.event_type)?.(event)
    ? []
    : [{ code: 'invalid', path: '', message: 'it breaks its contract' }]
  batch.push({
    message,
    row: {
      message_id: message.id,
      publish_time: message.publishTime.toISOString(),
      event_type: event.event_type,
      payload: JSON.stringify(event),
      errors,
      attributes: JSON.stringify(message.attributes),
      source: 'pubsub',
    },
  })
  if (batch.length < batchSize) return
  void land(batch.splice(0))
})

async function land(full: typeof batch): Promise<void> {
  const objectName = `output/ordinary/${process.pid}/${files++}.json`
  const rows = full.map(({ row }) => ({ ...row, object_name: objectName }))
  await bucket.file(objectName).save(rows.map((row) => JSON.stringify(row)).join('\n'))
  await table.insert(rows)
  for (const { message } of full) message.ack()
}
