import { PubSub } from '@google-cloud/pubsub'

// Google's high-level client, tuned: it pulls, acknowledges and does nothing else. Its defaults stop at about
// 9,000 messages a second; room for 10,000 messages lifts that.
const subscription = new PubSub().subscription(process.env['SUBSCRIPTION'] ?? '', {
  flowControl: { maxMessages: 10_000 },
  streamingOptions: { maxStreams: Number(process.env['MAX_STREAMS']) },
  batching: { maxMessages: 2_000, maxMilliseconds: 20 },
})
subscription.on('error', (error) => {
  throw error
})
subscription.on('message', (message) => message.ack())
