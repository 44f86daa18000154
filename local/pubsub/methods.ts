import {
  type handleUnaryCall,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { backlogOf } from './backlog.ts'
import { publish, type PubSub } from './pubsub.ts'
import { pull, type PullRequest } from './pull.ts'
import * as snapshots from './snapshots.ts'
import { asStatusError } from './status-error.ts'
import { streamingPull } from './streaming-pull.ts'
import * as subscriptions from './subscriptions.ts'
import * as topics from './topics.ts'
import { acknowledgeAll, modifyAllDeadlines } from './unary-acks.ts'

/** Google's Publisher service. */
export function publisherMethods(pubsub: PubSub): UntypedServiceImplementation {
  return {
    CreateTopic: unary(pubsub, topics.createTopic),
    UpdateTopic: unary(pubsub, topics.updateTopic),
    Publish: unary(pubsub, publish),
    GetTopic: unary(pubsub, topics.getTopic),
    ListTopics: unary(pubsub, topics.listTopics),
    ListTopicSubscriptions: unary(pubsub, topics.listTopicSubscriptions),
    ListTopicSnapshots: unary(pubsub, topics.listTopicSnapshots),
    DeleteTopic: unary(pubsub, topics.deleteTopic),
    DetachSubscription: unary(pubsub, subscriptions.detachSubscription),
  }
}

/** Google's Subscriber service. */
export function subscriberMethods(pubsub: PubSub): UntypedServiceImplementation {
  return {
    CreateSubscription: unary(pubsub, subscriptions.createSubscription),
    GetSubscription: unary(pubsub, subscriptions.getSubscription),
    UpdateSubscription: unary(pubsub, subscriptions.updateSubscription),
    ListSubscriptions: unary(pubsub, subscriptions.listSubscriptions),
    DeleteSubscription: unary(pubsub, subscriptions.deleteSubscription),
    ModifyPushConfig: unary(pubsub, subscriptions.modifyPushConfig),
    Seek: unary(pubsub, subscriptions.seek),
    Acknowledge: unary(pubsub, acknowledgeAll),
    ModifyAckDeadline: unary(pubsub, modifyAllDeadlines),
    Pull: pullMethod(pubsub),
    StreamingPull: (call: Parameters<typeof streamingPull>[1]) => streamingPull(pubsub, call),
    CreateSnapshot: unary(pubsub, snapshots.createSnapshot),
    GetSnapshot: unary(pubsub, snapshots.getSnapshot),
    UpdateSnapshot: unary(pubsub, snapshots.updateSnapshot),
    ListSnapshots: unary(pubsub, snapshots.listSnapshots),
    DeleteSnapshot: unary(pubsub, snapshots.deleteSnapshot),
  }
}

/** This server's own service, backlog.proto. */
export function backlogMethods(pubsub: PubSub): UntypedServiceImplementation {
  return {
    GetBacklog: unary(pubsub, (_, { subscription }: { subscription?: string }) =>
      backlogOf(subscriptions.findSubscription(pubsub, subscription)),
    ),
  }
}

function unary<Request, Response>(
  pubsub: PubSub,
  handle: (pubsub: PubSub, request: Request) => Response,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    let response: Response
    try {
      response = handle(pubsub, request)
    } catch (error) {
      callback(asStatusError(error))
      return
    }
    callback(null, response)
  }
}

function pullMethod(pubsub: PubSub): handleUnaryCall<PullRequest, Buffer> {
  return (call: ServerUnaryCall<PullRequest, Buffer>, callback: sendUnaryData<Buffer>) => {
    try {
      pull(pubsub, call.request, {
        answer: (bytes) => callback(null, bytes),
        fail: (error) => callback(asStatusError(error)),
        onCancel: (run) => void call.on('cancelled', run),
      })
    } catch (error) {
      callback(asStatusError(error))
    }
  }
}
