import { PubSub, v1, type protos } from '@google-cloud/pubsub'

// The least that a client can do: messages come in, their ids go back on the same stream.
const settings = await new PubSub().getClientConfig()
const defined = Object.entries(settings).filter(([, value]) => value !== undefined)
const client = new v1.SubscriberClient(Object.fromEntries(defined))
const project = process.env['GOOGLE_CLOUD_PROJECT'] ?? ''
const subscription = client.subscriptionPath(project, process.env['SUBSCRIPTION'] ?? '')

for (let i = 0; i < 2; i++) {
  const headers = { 'x-goog-request-params': `subscription=${subscription}` }
  const stream = client.streamingPull({ otherArgs: { headers }, maxRetries: 0 })
  stream.on('error', (error) => {
    throw error
  })
  stream.on('data', ({ receivedMessages }: protos.google.pubsub.v1.IStreamingPullResponse) => {
    const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId)
    if (ackIds.length > 0) stream.write({ ackIds })
  })
  stream.write({ subscription, streamAckDeadlineSeconds: 60, maxOutstandingMessages: 10_000 })
}
