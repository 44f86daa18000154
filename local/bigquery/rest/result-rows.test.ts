import { expect, test } from 'vitest'
import type { Field } from '../catalog/resources.ts'
import type { Rows, WireRow } from '../sql/sql-engine.ts'
import { pageOf } from './paging.ts'
import { floatSeconds, pageOfRows, timestampEncoder } from './result-rows.ts'

function rowsOf(values: string[]): Pick<Rows, 'count' | 'read'> {
  return {
    count: values.length,
    read: (start, count) => values.slice(start, start + count).map((v) => ({ f: [{ v }] })),
  }
}

const asTheyAre = (row: WireRow) => row

test('pages follow each other without a gap until there is no token', () => {
  const rows = rowsOf(['a', 'b', 'c', 'd', 'e'])
  const seen: unknown[] = []
  const query = new URLSearchParams({ maxResults: '2' })
  for (;;) {
    const { rows: page = [], pageToken } = pageOfRows(rows, pageOf(query), asTheyAre)
    seen.push(...page.map(({ f }) => f[0]?.v))
    if (pageToken === undefined) break
    query.set('pageToken', pageToken)
  }

  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('a page ends at ten megabytes, whatever was asked for', () => {
  const rows = rowsOf(Array.from({ length: 5000 }, () => 'x'.repeat(10_000)))
  const { rows: page = [], pageToken } = pageOfRows(rows, { start: 0, count: 5000 }, asTheyAre)

  expect(page.length).toBe(2000)
  expect(pageToken).toBeDefined()
})

test('asking for no rows still tells that there are some', () => {
  const page = pageOfRows(rowsOf(['a']), { start: 0, count: 0 }, asTheyAre)

  expect(page.rows).toBeUndefined()
  expect(page.pageToken).toBeDefined()
})

test.each([
  ['1704067205000000', '1.704067205E9'],
  ['1704067205123456', '1.704067205123456E9'],
  ['0', '0.0'],
  ['1500000', '1.5'],
  ['-62135596800000000', '-6.21355968E10'],
])('%s microseconds are %s seconds', (micros, seconds) => {
  expect(floatSeconds(micros)).toBe(seconds)
})

test('timestamps are seconds unless the client asks for int64, nested ones too', () => {
  const fields: Field[] = [
    { name: 'r', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 't', type: 'TIMESTAMP' }] },
  ]
  const row: WireRow = { f: [{ v: [{ v: { f: [{ v: '1500000' }] } }] }] }

  expect(timestampEncoder(fields, {})(row)).toEqual({ f: [{ v: [{ v: { f: [{ v: '1.5' }] } }] }] })
  for (const useInt64Timestamp of [true, 'true', 'True']) {
    expect(timestampEncoder(fields, { useInt64Timestamp })(row)).toEqual(row)
  }
})
