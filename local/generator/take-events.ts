import type { Publication } from './faults.ts'

/**
 * The next messages, until so many events among them were published for the first time. What waits longer
 * stays with the iterator, which can be read on afterwards.
 */
export function* takeEvents(
  publications: Iterator<Publication>,
  count: number,
): Generator<Publication> {
  let events = 0
  while (events < count) {
    const { done, value } = publications.next()
    if (done) return
    if (!value.isDuplicate) events += 1
    yield value
  }
}
