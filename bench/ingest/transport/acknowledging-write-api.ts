import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js'
import type { Endpoint } from '../../../local/endpoint.ts'
import { appendRows } from './append-rows.ts'

/** AppendRowsResponse with an empty append_result: the rows are there. */
const taken = Buffer.from([0x0a, 0x00])

/** A Storage Write API that takes every row and keeps nothing: what is left is the cost of sending. */
export async function startAcknowledgingWriteApi({ port }: { port: number }): Promise<Endpoint> {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
  })
  const AppendRows = { ...appendRows, requestDeserialize: asItIs, responseSerialize: asItIs }
  server.addService(
    { AppendRows },
    {
      AppendRows(stream: ServerDuplexStream<Buffer, Buffer>) {
        stream.on('data', () => stream.write(taken))
        stream.on('end', () => stream.end())
      },
    },
  )
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, given) =>
      error ? reject(error) : resolve(given),
    )
  })
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    async stop() {
      server.forceShutdown()
    },
  }
}

function asItIs(bytes: Buffer): Buffer {
  return bytes
}
