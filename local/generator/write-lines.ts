import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Publication } from './faults.ts'

const newline = Buffer.from('\n')
const chunk = 1000

/** Writes one event a line, byte for byte as it would be published, in bounded memory. */
export async function writeLines(
  file: string,
  publications: Iterable<Publication>,
  onWritten: (publications: Publication[]) => void,
): Promise<void> {
  const stream = createWriteStream(file)
  const end = finished(stream)
  await Promise.race([once(stream, 'open'), end])

  for (const batch of inChunks(publications)) {
    const bytes = Buffer.concat(batch.flatMap(({ data }) => [data, newline]))
    if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), end])
    onWritten(batch)
  }
  stream.end()
  await end
}

function* inChunks(publications: Iterable<Publication>): Generator<Publication[]> {
  let batch: Publication[] = []
  for (const publication of publications) {
    batch.push(publication)
    if (batch.length < chunk) continue
    yield batch
    batch = []
  }
  yield batch
}
