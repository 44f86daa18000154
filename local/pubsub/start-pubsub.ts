import { createServer } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { Endpoint, EndpointOptions } from '../endpoint.ts'
import { systemClock } from './alarms.ts'
import { backlogMethods, publisherMethods, subscriberMethods } from './methods.ts'
import { loadServices } from './protos.ts'
import { createPubSub } from './pubsub.ts'

/** Larger than any request that Google takes, so that the refusal is ours and says why. */
const maxRequestBytes = 64 * 1024 * 1024
/** A stream that carries megabytes a second stalls on HTTP/2's 64 KiB. */
const flowControlWindow = 4 * 1024 * 1024

/** Starts Pub/Sub in memory: everything is gone when it stops. */
export async function startPubSub({
  port,
  host = '127.0.0.1',
}: EndpointOptions): Promise<Endpoint> {
  if (port !== 0) await checkPort(port, host)
  const pubsub = createPubSub(systemClock)
  const { publisher, subscriber, backlog } = loadServices()
  const server = new Server({
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.max_send_message_length': -1,
    'grpc-node.flow_control_window': flowControlWindow,
  })
  server.addService(publisher, publisherMethods(pubsub))
  server.addService(subscriber, subscriberMethods(pubsub))
  server.addService(backlog, backlogMethods(pubsub))
  const bound = await bind(server, `${host}:${port}`)

  return {
    address: `${host}:${bound}`,
    port: bound,
    async stop() {
      pubsub.alarms.stop()
      server.forceShutdown()
    },
  }
}

/** gRPC hides why it cannot listen; the operating system says it. */
function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  })
}
