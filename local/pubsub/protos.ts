import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import { serviceDefinition } from '../service-definition.ts'
import { decodeAckRequest, decodeStreamingPullRequest } from './ack-requests.ts'
import { decodePublishRequest } from './publish-request.ts'

const options = { longs: Number, enums: String, defaults: false, arrays: false }

export type Services = {
  publisher: ServiceDefinition
  subscriber: ServiceDefinition
  backlog: ServiceDefinition
}

/**
 * Google's services as its own Node client describes them. The five calls that carry messages or ack ids
 * keep their bytes: to build objects of them would cost more than all the rest of the server.
 */
export function loadServices(): Services {
  const definitions = protobuf.Root.fromJSON(googleProtos())
  const publisher = serviceDefinition(definitions, 'google.pubsub.v1.Publisher', options)
  const subscriber = serviceDefinition(definitions, 'google.pubsub.v1.Subscriber', options)
  return {
    publisher: {
      ...publisher,
      Publish: raw(publisher, 'Publish', {
        requestDeserialize: decodePublishRequest,
        responseSerialize: encodeMessageIds,
      }),
    },
    subscriber: {
      ...subscriber,
      Acknowledge: raw(subscriber, 'Acknowledge', {
        requestDeserialize: (bytes) => decodeAckRequest(bytes, 2),
      }),
      ModifyAckDeadline: raw(subscriber, 'ModifyAckDeadline', {
        requestDeserialize: (bytes) => decodeAckRequest(bytes, 4),
      }),
      Pull: raw(subscriber, 'Pull', { responseSerialize: asItIs }),
      StreamingPull: raw(subscriber, 'StreamingPull', {
        requestDeserialize: decodeStreamingPullRequest,
        responseSerialize: asItIs,
      }),
    },
    backlog: backlogService(),
  }
}

/** This server's own service: Google has no call that tells how much a subscription has left. */
export function backlogService(): ServiceDefinition {
  const file = fileURLToPath(new URL('backlog.proto', import.meta.url))
  const definitions = protobuf.loadSync(file)
  return serviceDefinition(definitions, 'local.pubsub.v1.Backlog', { ...options, defaults: true })
}

function googleProtos(): protobuf.INamespace {
  return createRequire(import.meta.url)('@google-cloud/pubsub/build/protos/protos.json')
}

type Codec = Partial<Pick<ServiceDefinition[string], 'requestDeserialize' | 'responseSerialize'>>

function raw(
  definition: ServiceDefinition,
  method: string,
  codec: Codec,
): ServiceDefinition[string] {
  const described = definition[method]
  if (!described) throw new Error(`the protos hold no method ${method}`)
  return { ...described, ...codec }
}

function asItIs(bytes: Buffer): Buffer {
  return bytes
}

/** PublishResponse: every id is a string in field 1. */
function encodeMessageIds(ids: string[]): Buffer {
  const size = ids.reduce((sum, id) => sum + 2 + id.length, 0)
  const bytes = Buffer.allocUnsafeSlow(size)
  let at = 0
  for (const id of ids) {
    bytes[at++] = 0x0a
    bytes[at++] = id.length
    at += bytes.write(id, at, 'latin1')
  }
  return bytes
}
