import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import { z } from 'zod';
import { describeStream, type Nats, readDescription } from '../../nats/index.js';
import type { QueueSettings } from '../queue.js';

/** The one consumer of a queue's stream. */
export const consumerName = 'workers';

/**
 * The lease that a delivery has until its taker says another one, in milliseconds. One whose delivery is lost on its way is
 * had again after it: no longer than needed, and long enough for what is slow.
 */
export const firstLeaseMs = 15_000;

/** A server remembers ids for so long at least, whatever is asked: so it is safe to publish again where no answer came. */
const leastIdsMs = 30_000;
const nanoseconds = (ms: number) => ms * 1_000_000;

/** The names of what a queue is made of: a stream of its messages, and one of what is to be known of some of them. */
export interface QueueNames {
  readonly stream: string;
  readonly subject: string;
  readonly aside: string;
  /** A dead letter, by the sequence of its message and its place in the stream. */
  readonly dead: (sequence: number | '*', place: number | '*') => string;
  /** What became of a message's deliveries, by its place in the stream. */
  readonly mark: (place: number) => string;
  /** That a message was given back, and when it is due, in milliseconds since 1970. */
  readonly back: (place: number | '*', due: number | '*') => string;
  /** All that is known of the deliveries of a message. */
  readonly ofMessage: (place: number) => string;
  readonly all: string;
}

export function queueNames(prefix: string, name: string): QueueNames {
  const aside = `${prefix}.aside.${name}`;
  return {
    stream: `${prefix}-queue-${name}`,
    subject: `${prefix}.queue.${name}`,
    aside: `${prefix}-aside-${name}`,
    dead: (sequence, place) => `${aside}.dead.${sequence}.${place}`,
    mark: (place) => `${aside}.message.${place}.mark`,
    back: (place, due) => `${aside}.message.${place}.back.${due}`,
    ofMessage: (place) => `${aside}.message.${place}.>`,
    all: `${aside}.>`,
  };
}

const settingsSchema = z.object({ maxDeliveries: z.number(), deduplicationMs: z.number() });

/** The stream of a queue's messages: what is acknowledged is gone, and what does not fit is refused. */
export function messagesConfig(
  { stream, subject }: QueueNames,
  { capacity, maxDeliveries, deduplicationMs }: Required<QueueSettings>,
  { replicas }: Pick<Nats, 'replicas'>,
): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: stream,
    subjects: [subject],
    retention: 'workqueue',
    discard: 'new',
    max_msgs: capacity,
    duplicate_window: nanoseconds(Math.max(leastIdsMs, deduplicationMs)),
    num_replicas: replicas,
    description: describeStream('queue', { maxDeliveries, deduplicationMs }),
  };
}

/** The settings that a stream was made with. Throws `storage-failed` and `storage-version`. */
export function settingsOf(config: StreamConfig): Required<QueueSettings> {
  return { capacity: config.max_msgs, ...readDescription('queue', config, settingsSchema) };
}

/** The stream of dead letters and marks: the last message of each subject. */
export function asideConfig(
  { aside, all }: QueueNames,
  { replicas }: Pick<Nats, 'replicas'>,
): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: aside,
    subjects: [all],
    max_msgs_per_subject: 1,
    num_replicas: replicas,
    description: describeStream('aside'),
  };
}

/** The consumer: it never gives up on a message by itself. */
export const workersConfig: Partial<ConsumerConfig> = {
  durable_name: consumerName,
  ack_policy: 'explicit',
  ack_wait: nanoseconds(firstLeaseMs),
  max_deliver: -1,
  max_ack_pending: -1,
  max_waiting: 10_000,
};
