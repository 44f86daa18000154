import { expect, test } from 'vitest'
import type { Publication } from '../generator/faults.ts'
import { imbalances, type Truth } from './balance.ts'
import type { LandedFiles } from './read-files.ts'
import type { Tables } from './read-tables.ts'

const data = Buffer.from('{}')
const common = { data, eventTime: 0, time: 0, isDuplicate: false }
const order: Publication = { ...common, eventType: 'order', identity: 'A' }
const malformed: Publication = { ...common, eventType: 'order', fault: 'wrong-enum' }
const unknown: Publication = { ...common, eventType: 'unknown', fault: 'not-json' }

/** One order published twice, a malformed one, and something that is no event. */
const truth: Truth = new Map([
  ['1', order],
  ['2', { ...order, isDuplicate: true }],
  ['3', malformed],
  ['4', unknown],
])

/** All of it landed and typed as it should be. */
function everything(): { files: LandedFiles; tables: Tables } {
  const landed = [...truth].map(([message_id, { eventType }]) => ({
    message_id,
    event_type: eventType,
  }))
  const lines = landed.map((line) => {
    const file = `output/${line.event_type}/2025/x.json`
    return { ...line, file, object_name: file }
  })
  const reasons = [{ code: 'enum', path: '/status' }]
  return {
    files: { files: 2, lines },
    tables: {
      rawEvents: landed,
      typed: [{ event_type: 'order', identity: 'A', message_id: '1' }],
      rejected: [
        { message_id: '3', event_type: 'order', reasons },
        { message_id: '4', event_type: 'unknown', reasons },
      ],
      suppressed: [{ event_type: 'order', events: 1 }],
      ledger: [
        { event_type: 'order', raw_events: 3, unbalanced: 0 },
        { event_type: 'unknown', raw_events: 1, unbalanced: 0 },
      ],
    },
  }
}

/** What is told when something was changed for the worse. */
function after(change: (landed: ReturnType<typeof everything>) => void): string[] {
  const landed = everything()
  change(landed)
  return imbalances(truth, landed.files, landed.tables)
}

test('everything that was published and nothing else balances', () => {
  expect(after(() => {})).toEqual([])
})

test('a message that was delivered again balances when it is counted as a duplicate', () => {
  const told = after(({ files, tables }) => {
    files.lines.push(...files.lines.slice(0, 1))
    tables.rawEvents.push(...tables.rawEvents.slice(0, 1))
    tables.suppressed = [{ event_type: 'order', events: 2 }]
    tables.ledger.splice(0, 1, { event_type: 'order', raw_events: 4, unbalanced: 0 })
  })

  expect(told).toEqual([])
})

test('a ledger that does not balance, or counts other raw events, is told', () => {
  expect(
    after(({ tables }) =>
      tables.ledger.splice(0, 1, { event_type: 'order', raw_events: 3, unbalanced: 1 }),
    ),
  ).toEqual(['order: 3 raw events, but the ledger has 3, 1 of them in no book or in two'])
  expect(after(({ tables }) => tables.ledger.splice(1, 1))).toEqual([
    'unknown: 1 raw events, but the ledger has 0, 0 of them in no book or in two',
  ])
})

test('a lost line, a lost raw event and a lost row are each told with their ids', () => {
  expect(after(({ files }) => files.lines.splice(0, 1))).toEqual([
    'order: 1 published, but not in output/, such as 1',
  ])
  expect(after(({ tables }) => tables.rawEvents.splice(3, 1))).toEqual([
    'unknown: 1 published, but not in raw_events, such as 4',
    'unknown: 0 raw events, but 0 typed + 1 rejected + 0 duplicates',
    'unknown: 0 raw events, but the ledger has 1, 0 of them in no book or in two',
  ])
  expect(after(({ tables }) => tables.typed.splice(0, 1))).toEqual([
    'order: 1 published, but not in typed tables, such as A',
    'order: 3 raw events, but 0 typed + 1 rejected + 1 duplicates',
  ])
})

test('a row too many, a row twice and a row of nobody are told', () => {
  const stranger = { event_type: 'order', identity: 'B', message_id: '9' }
  expect(after(({ tables }) => tables.typed.push(stranger))).toEqual([
    'order: 1 in typed tables, but never published for it, such as B',
    'order: 1 in typed tables with the message id of another event, such as B',
    'order: 3 raw events, but 2 typed + 1 rejected + 1 duplicates',
  ])
  const again = { event_type: 'order', identity: 'A', message_id: '2' }
  expect(after(({ tables }) => tables.typed.push(again))).toEqual([
    'order: 1 more than once in typed tables, such as A',
    'order: 3 raw events, but 2 typed + 1 rejected + 1 duplicates',
  ])
})

test('a line in the folder of another event type is told', () => {
  const told = after(({ files }) => {
    const [line] = files.lines
    if (line) line.file = 'output/inventory/2025/x.json'
  })

  expect(told).toEqual([
    'order in the folder inventory: 1 in output/ under another event type, such as 1',
  ])
})

test('a rejected event that should have been typed is told on both sides', () => {
  const told = after(({ tables }) => {
    tables.typed = []
    tables.rejected.push({ message_id: '1', event_type: 'order', reasons: [] })
  })

  expect(told).toEqual([
    'order: 1 in rejected_events, but never published for it, such as 1',
    'order: 1 published, but not in typed tables, such as A',
  ])
})
