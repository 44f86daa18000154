import { randomUUID } from 'node:crypto'
import { credentials } from '@grpc/grpc-js'
import { PubSub, v1 } from '@google-cloud/pubsub'
import type { Endpoint } from '../../endpoint.ts'

export const project = 'shop-events'

/** A server under test, reached through Google's unmodified clients. */
export type ServerUnderTest = {
  endpoint: Endpoint
  pubsub: PubSub
  publisher: v1.PublisherClient
  subscriber: v1.SubscriberClient
}

/** Where Google's emulator is known to differ from Google's service; the tests say so by name. */
export type Suite = (server: () => ServerUnderTest, isGoogleEmulator: boolean) => void

export function connect(endpoint: Endpoint): ServerUnderTest {
  // Else the clients look for a metadata server.
  process.env['METADATA_SERVER_DETECTION'] = 'none'
  const options = {
    projectId: project,
    servicePath: '127.0.0.1',
    port: endpoint.port,
    sslCreds: credentials.createInsecure(),
  }
  return {
    endpoint,
    pubsub: new PubSub({ projectId: project, apiEndpoint: endpoint.address }),
    publisher: new v1.PublisherClient(options),
    subscriber: new v1.SubscriberClient(options),
  }
}

export async function disconnect({ endpoint, pubsub, publisher, subscriber }: ServerUnderTest) {
  await Promise.all([pubsub.close(), publisher.close(), subscriber.close()])
  await endpoint.stop()
}

export function topicName(id = `topic-${randomUUID()}`): string {
  return `projects/${project}/topics/${id}`
}

export function subscriptionName(id = `subscription-${randomUUID()}`): string {
  return `projects/${project}/subscriptions/${id}`
}

/** A topic of its own with one subscription. */
export async function createPair(
  { publisher, subscriber }: ServerUnderTest,
  settings: Parameters<v1.SubscriberClient['createSubscription']>[0] = {},
): Promise<{ topic: string; subscription: string }> {
  const [topic, subscription] = [topicName(), subscriptionName()]
  await publisher.createTopic({ name: topic })
  await subscriber.createSubscription({ name: subscription, topic, ...settings })
  return { topic, subscription }
}

/** Publishes texts in one request and returns their ids. */
export async function publishTexts(
  { publisher }: ServerUnderTest,
  topic: string,
  texts: string[],
  fields: { attributes?: Record<string, string>; orderingKey?: string } = {},
): Promise<string[]> {
  const messages = texts.map((text) => ({ data: Buffer.from(text), ...fields }))
  const [{ messageIds }] = await publisher.publish({ topic, messages })
  return messageIds ?? []
}

export type Received = {
  text: string
  id: string
  ackId: string
  attempt: number
  attributes: Record<string, string>
}

/** Pulls until so many messages have come. */
export async function pullTexts(
  { subscriber }: ServerUnderTest,
  subscription: string,
  count: number,
): Promise<Received[]> {
  const received: Received[] = []
  while (received.length < count) {
    const maxMessages = count - received.length
    const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages })
    for (const { message, ackId, deliveryAttempt } of receivedMessages ?? []) {
      received.push({
        text: String(message?.data ?? ''),
        id: message?.messageId ?? '',
        ackId: ackId ?? '',
        attempt: deliveryAttempt ?? 0,
        attributes: message?.attributes ?? {},
      })
    }
  }
  return received
}

export function textsOf(received: Received[]): string[] {
  return received.map(({ text }) => text)
}

/** Nothing is left to deliver just now. */
export async function isEmpty(
  { subscriber }: ServerUnderTest,
  subscription: string,
): Promise<boolean> {
  const request = { subscription, maxMessages: 1, returnImmediately: true }
  const [{ receivedMessages }] = await subscriber.pull(request)
  return receivedMessages?.length === 0
}
