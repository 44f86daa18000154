import type { StoredMessage } from './stored-message.ts'

type Fields = Record<string, unknown>

/** What is wrong with a line of a file, held against the message as it was published. */
export function problemOfLine(
  line: string,
  message: StoredMessage,
  objectName: string,
): string | undefined {
  const { id, publishTime, publication } = message
  const { eventType, text, data } = publication
  const content = text === undefined ? `,"raw_payload":"${base64(data)}"` : `,"payload":${text}`
  const start = `{"message_id":"${id}","publish_time":"${publishTime}","event_type":"${eventType}"`
  const expected = start + content
  if (!line.startsWith(expected)) {
    return `the line of ${id} begins ${line.slice(0, 300)}, expected ${expected.slice(0, 300)}`
  }
  const rest: Fields = JSON.parse(`{${line.slice(expected.length + 1)}`)
  return problemOfRest(rest, rest['attributes'], message, objectName, publication.code)
}

/** The same for a row of an insertAll request, whose JSON columns are strings. */
export function problemOfRow(json: Fields, message: StoredMessage, wasRefused: boolean) {
  const { id, publishTime, publication } = message
  const { eventType, text, data, isOversize } = publication
  const { payload, raw_payload, attributes, object_name } = json
  if (json['message_id'] !== id || json['publish_time'] !== publishTime) {
    return `the row of ${id} says ${json['message_id']}, published ${json['publish_time']}`
  }
  if (json['event_type'] !== eventType) {
    return `the row of ${id} has type ${json['event_type']}, expected ${eventType}`
  }
  const isText = text !== undefined && !wasRefused
  const bytes = text === undefined ? base64(data) : base64(Buffer.from(text))
  if (!isOversize && payload !== (isText ? text.replaceAll('\t', ' ') : undefined)) {
    return `the row of ${id} has the payload ${payload}`
  }
  if (!isOversize && raw_payload !== (isText ? undefined : bytes)) {
    return `the row of ${id} has the raw_payload ${raw_payload}`
  }
  if (isOversize && (payload ?? raw_payload) !== undefined) return `the row of ${id} is no pointer`
  const carried = typeof attributes === 'string' ? JSON.parse(attributes) : attributes
  const code = publication.code ?? (wasRefused ? 'refused_by_bigquery' : undefined)
  return problemOfRest(json, carried, message, String(object_name), code)
}

function problemOfRest(
  { errors, source, object_name }: Fields,
  attributes: unknown,
  { id, publication }: StoredMessage,
  objectName: string,
  code: string | undefined,
): string | undefined {
  const [first] = Array.isArray(errors) ? errors : []
  if (first?.code !== code) return `${id} has the error ${first?.code}, expected ${code}`
  const isSame = JSON.stringify(attributes ?? {}) === JSON.stringify(publication.attributes)
  if (!isSame) return `${id} has the attributes ${JSON.stringify(attributes)}`
  if (source !== 'pubsub') return `${id} has the source ${source}`
  if (object_name !== objectName) return `${id} in ${objectName} names ${object_name}`
  return undefined
}

const base64 = (data: Buffer) => data.toString('base64')
