import type { Bucket } from '@google-cloud/storage'
import { expect, test } from 'vitest'
import { listObjects } from './list-objects.ts'

test('objects are listed to the last page', async () => {
  const pages: Record<string, [string, object | null]> = {
    first: ['a', { pageToken: 'second' }],
    second: ['b', { pageToken: 'third' }],
    third: ['c', null],
  }
  const bucket = {
    async getFiles({ pageToken = 'first' }) {
      const [name, next] = pages[pageToken] ?? ['none', null]
      return [[{ name, metadata: {} }], next]
    },
  } as unknown as Bucket

  const names: string[] = []
  for await (const { name } of listObjects(bucket, { prefix: '', start: 'a', end: 'd' })) {
    names.push(name)
  }

  expect(names).toEqual(['a', 'b', 'c'])
})
