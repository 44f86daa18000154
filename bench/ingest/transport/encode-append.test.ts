import { expect, test } from 'vitest'
import { contractValidators } from '../../../ingest/contract-validators.ts'
import { encodeRows } from '../../../ingest/line.ts'
import { message, sampleEvents } from '../../../ingest/testing-events.ts'
import { toEvent } from '../../../ingest/to-event.ts'
import { appendRows } from './append-rows.ts'
import { encodeAppend } from './encode-append.ts'

test('both transports carry the same rows', () => {
  const texts = [
    JSON.stringify(sampleEvents.order),
    JSON.stringify({ ...sampleEvents.order, status: 'lost', note: 'ü"\\' }),
    'no JSON',
    JSON.stringify({ ...sampleEvents.order, note: 'x'.repeat(70_000) }),
  ]
  const events = texts.map((text, index) =>
    toEvent(
      message({
        data: Buffer.from(text),
        messageId: `${index}`,
        attributes: index === 1 ? { ä: '"' } : {},
      }),
      contractValidators(),
      0,
    ),
  )

  const first = appendRows.requestDeserialize(encodeAppend(events, 'f', 'table/streams/_default'))
  const later = appendRows.requestDeserialize(encodeAppend(events, 'f'))

  expect(first).toMatchObject({ writeStream: 'table/streams/_default' })
  const { rows } = JSON.parse(encodeRows(events, 'f').toString())
  const expected = rows.map(({ json }: { json: Record<string, unknown> }) => ({
    messageId: json['message_id'],
    publishTime: Date.parse(String(json['publish_time'])) * 1_000,
    eventType: json['event_type'],
    payload: json['payload'] ?? '',
    rawPayload: Buffer.from(String(json['raw_payload'] ?? ''), 'base64'),
    errors: json['errors'] ?? [],
    attributes: json['attributes'] ?? '',
    source: 'pubsub',
    objectName: 'f',
  }))
  for (const request of [first, later]) {
    expect(request).toMatchObject({ protoRows: { rows: { serializedRows: expected } } })
  }
})
