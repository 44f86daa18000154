import { BigQueryError } from '../bigquery-error.ts'

/**
 * Splits a `multipart/related` body into its JSON part and a stream of its media part: the media may be
 * larger than memory.
 */
export async function readMultipart(
  stream: NodeJS.ReadableStream,
  contentType: string,
): Promise<{ metadata: string; media: AsyncIterable<Buffer> }> {
  const boundary = boundaryOf(contentType)
  const source = stream[Symbol.asyncIterator]()
  let buffered = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const { value, done } = await source.next()
    if (!done) buffered = Buffer.concat([buffered, asBuffer(value)])
    return !done
  }

  async function upTo(mark: Buffer | string): Promise<Buffer> {
    let at = buffered.indexOf(mark)
    while (at < 0) {
      if (!(await more())) throw malformed('it ends too early')
      at = buffered.indexOf(mark)
    }
    const before = buffered.subarray(0, at)
    buffered = buffered.subarray(at + mark.length)
    return before
  }

  async function* readMedia(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = buffered.indexOf(delimiter)
      if (at >= 0) {
        if (at > 0) yield buffered.subarray(0, at)
        return
      }
      // A delimiter may be cut by the end of what has arrived.
      const sure = buffered.length - delimiter.length
      if (sure > 0) {
        yield buffered.subarray(0, sure)
        buffered = buffered.subarray(sure)
      }
      if (!(await more())) throw malformed('it ends too early')
    }
  }

  await upTo(`--${boundary}`)
  // Python's generic client ends its lines with a mere line feed.
  const lineBreak = (await upTo('\n')).at(-1) === carriageReturn ? '\r\n' : '\n'
  const delimiter = Buffer.from(`${lineBreak}--${boundary}`)
  await upTo(lineBreak + lineBreak)
  const metadata = (await upTo(delimiter)).toString('utf8')
  await upTo(lineBreak + lineBreak)
  return { metadata, media: readMedia(delimiter) }
}

const carriageReturn = 13

function boundaryOf(contentType: string): string {
  const match = /^multipart\/related\b.*?;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const boundary = match?.[1] ?? match?.[2]
  if (boundary !== undefined) return boundary
  throw malformed(`its content type is '${contentType}', expected multipart/related; boundary=…`)
}

function asBuffer(chunk: string | Buffer): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

function malformed(what: string): BigQueryError {
  return new BigQueryError('invalid', `The multipart upload cannot be read: ${what}.`)
}
