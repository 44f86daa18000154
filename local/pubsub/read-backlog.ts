import { Client, credentials } from '@grpc/grpc-js'
import type { Backlog } from './backlog.ts'
import { backlogService } from './protos.ts'

export type BacklogReader = {
  /** Full name: `projects/p/subscriptions/s`. Rejects with Pub/Sub's status if there is none. */
  read(subscription: string): Promise<Backlog>
  close(): void
}

/** Asks a local Pub/Sub, in this process or another one, how much its subscriptions have left. */
export function openBacklogReader(address: string): BacklogReader {
  const client = new Client(address, credentials.createInsecure())
  const method = backlogService()['GetBacklog']
  if (!method) throw new Error('backlog.proto holds no GetBacklog')
  const { path, requestSerialize, responseDeserialize } = method

  return {
    read: (subscription) =>
      new Promise((resolve, reject) => {
        const request = { subscription }
        client.makeUnaryRequest<object, Backlog>(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          (error, backlog) => (backlog ? resolve(backlog) : reject(error)),
        )
      }),
    close: () => client.close(),
  }
}
