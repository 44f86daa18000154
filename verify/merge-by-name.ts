type Named = { name: string }

/** What several sources, each in the order of names, hold under one name. */
export type Found<Sources extends Record<string, Named>> = { name: string } & Partial<Sources>

/** Walks through sorted sources at the same pace, name by name. */
export async function* mergeByName<Sources extends Record<string, Named>>(sources: {
  [Key in keyof Sources]: AsyncIterable<Sources[Key]>
}): AsyncGenerator<Found<Sources>> {
  const readers = Object.entries(sources).map(([key, source]) => ({
    key,
    iterator: source[Symbol.asyncIterator](),
  }))
  const heads = await Promise.all(
    readers.map(async (reader) => ({ ...reader, next: await reader.iterator.next() })),
  )
  for (;;) {
    const names = heads.flatMap(({ next }) => (next.done ? [] : [next.value.name]))
    const [first] = names.toSorted(byName)
    if (first === undefined) return
    const found: Record<string, unknown> = { name: first }
    for (const head of heads) {
      if (head.next.done || head.next.value.name !== first) continue
      found[head.key] = head.next.value
      head.next = await head.iterator.next()
    }
    yield found as Found<Sources>
  }
}

/** As Cloud Storage and BigQuery order them: names of ours are plain ASCII. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
