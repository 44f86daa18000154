import { expect, test } from 'vitest'
import type { Bucket } from './bucket.ts'
import { listObjects } from './list-objects.ts'
import { compareNames } from './names.ts'
import type { StoredObject } from './stored-object.ts'

/** A bucket as far as listing looks at it. */
function bucketOf(names: string[]): Bucket {
  const objects = names.map((name): [string, StoredObject] => [
    name,
    {
      name,
      generation: 1,
      metageneration: 1,
      size: 0,
      crc32c: '',
      created: 0,
      updated: 0,
      fields: {},
      file: name,
    },
  ])
  return {
    name: 'bucket',
    root: '',
    uploads: '',
    objects: new Map(objects),
    sorted: { names: names.toSorted(compareNames) },
    journal: { entries: [], append: () => {}, close: () => {} },
    lastGeneration: 0,
    isGone: false,
  }
}

function list(names: string[], query: Record<string, string>) {
  const { items, prefixes, nextPageToken } = listObjects(
    bucketOf(names),
    new URLSearchParams(query),
  )
  return { names: items.map(({ name }) => name), prefixes, nextPageToken }
}

const names = ['a', 'b/', 'b/1', 'b/2/x', 'b/2/y', 'c', 'd/1']

test('a prefix and offsets narrow the listing', () => {
  expect(list(names, {}).names).toEqual(names)
  expect(list(names, { prefix: 'b/' }).names).toEqual(['b/', 'b/1', 'b/2/x', 'b/2/y'])
  expect(list(names, { startOffset: 'b/2', endOffset: 'd' }).names).toEqual(['b/2/x', 'b/2/y', 'c'])
  expect(list(names, { prefix: 'nothing' }).names).toEqual([])
})

test('a delimiter gathers names to prefixes', () => {
  expect(list(names, { delimiter: '/' })).toMatchObject({
    names: ['a', 'c'],
    prefixes: ['b/', 'd/'],
  })
  expect(list(names, { delimiter: '/', prefix: 'b/' })).toMatchObject({
    names: ['b/', 'b/1'],
    prefixes: ['b/2/'],
  })
  expect(list(names, { delimiter: '/', includeTrailingDelimiter: 'true' })).toMatchObject({
    names: ['a', 'b/', 'c'],
    prefixes: ['b/', 'd/'],
  })
})

test.each([1, 2, 3, 100])(
  'pages of %i cover everything once, with and without a delimiter',
  (size) => {
    for (const delimiter of ['', '/']) {
      const query = { delimiter, maxResults: String(size) }
      const seen = []
      let pageToken = ''
      do {
        const page = list(names, { ...query, pageToken })
        expect(page.names.length + page.prefixes.length).toBeLessThanOrEqual(size)
        seen.push(...page.names, ...page.prefixes)
        pageToken = page.nextPageToken ?? ''
      } while (pageToken !== '')

      const whole = list(names, { delimiter })
      expect(seen.toSorted()).toEqual([...whole.names, ...whole.prefixes].toSorted())
    }
  },
)

test('more than a thousand objects come in pages', () => {
  const many = Array.from({ length: 1_001 }, (_, i) => String(i).padStart(5, '0'))

  const first = list(many, { maxResults: '5000' })

  expect(first.names).toHaveLength(1_000)
  expect(list(many, { pageToken: first.nextPageToken ?? '' }).names).toEqual(['01000'])
})
