import { fileURLToPath } from 'node:url'
import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import type { Event } from '../../../ingest/event.ts'
import { serviceDefinition } from '../../../local/service-definition.ts'
import { encodeAppend } from './encode-append.ts'

/** Appends batches of rows on one stream, as Google's own writers do; answers come in order. */
export type RowStream = {
  append(events: readonly Event[], objectName: string): Promise<void>
  close(): void
}

export const appendRows = method()

export function openRowStream(address: string, table: string): RowStream {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
  })
  const stream = client.makeBidiStreamRequest(appendRows.path, asItIs, asItIs)
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  let isFirst = true

  stream.on('data', () => waiting.shift()?.resolve())
  stream.on('error', (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  return {
    append(events, objectName) {
      // Only the first request of a connection names the stream and its schema.
      const writeStream = isFirst ? `${table}/streams/_default` : undefined
      isFirst = false
      stream.write(encodeAppend(events, objectName, writeStream))
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    close() {
      stream.cancel()
      client.close()
    },
  }
}

function method(): ServiceDefinition[string] {
  const file = fileURLToPath(new URL('append-rows.proto', import.meta.url))
  const name = 'google.cloud.bigquery.storage.v1.BigQueryWrite'
  const options = { longs: Number, defaults: true, arrays: true }
  const found = serviceDefinition(protobuf.loadSync(file), name, options)['AppendRows']
  if (!found) throw new Error('append-rows.proto holds no AppendRows')
  return found
}

function asItIs(bytes: Buffer): Buffer {
  return bytes
}
