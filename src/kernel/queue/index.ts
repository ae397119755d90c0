export { queueLimits } from './limits.js';
export { type LocalQueuesOptions, openLocalQueues } from './local/open.js';
export { type NatsQueuesOptions, openNatsQueues } from './nats/open.js';
export type {
  DeadLetter,
  DeadLetterPage,
  Delivery,
  Published,
  PublishOptions,
  Queue,
  QueueCapabilities,
  QueueSettings,
  QueueStats,
  Queues,
  TakeOptions,
} from './queue.js';
