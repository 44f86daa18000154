import { expect, test } from 'vitest'
import { contractValidators } from '../ingest/contract-validators.ts'
import { encodeLines } from '../ingest/line.ts'
import { message, sampleEvents } from '../ingest/testing-events.ts'
import { toEvent } from '../ingest/to-event.ts'
import { readMessages } from './read-messages.ts'

const name = 'output/order/2025/02/08/13/09/order_2025020813090001.json'
const data = Buffer.from(JSON.stringify(sampleEvents.order))
const lineOf = (messageId: string) =>
  encodeLines([toEvent(message({ messageId, data }), contractValidators(), 0)], name).toString()

test('a line that somebody has changed is left out, and takes no other along', () => {
  const content = [
    lineOf('cut').slice(0, -9),
    lineOf('more').replace('"object_name"', '"note":1,"object_name"').trimEnd(),
    lineOf('good'),
  ].join('\n')

  const messages = readMessages(Buffer.from(content), name, new Set(['cut', 'more', 'good']))

  expect([...messages.keys()]).toEqual(['good'])
  expect(messages.get('good')?.data).toEqual(data)
})
