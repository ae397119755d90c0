import type { ConsumerInfo, StreamInfo } from '@nats-io/jetstream';
import type { QueueStats } from '../queue.js';
import type { QueueNames } from './layout.js';

/** What the servers say of one queue at about one moment. */
export interface QueueInfos {
  readonly messages: StreamInfo;
  readonly workers: ConsumerInfo;
  /** With the subjects of everything in it. */
  readonly aside: StreamInfo;
}

/**
 * Messages that were never delivered. A consumer is told of new ones a little after their publisher, so that its own count may be
 * behind; nothing but a delivery and an end takes a message out of the stream.
 */
export function undelivered({ state }: StreamInfo, { delivered }: ConsumerInfo): number {
  return Math.max(0, state.last_seq - Math.max(delivered.stream_seq, state.first_seq - 1));
}

/** The counts of a queue: a message that was given back is ready when it is due, though the server still has it as taken. */
export function countQueue(
  { messages, workers, aside }: QueueInfos,
  names: QueueNames,
  wallTime: number,
): Pick<QueueStats, 'ready' | 'delayed' | 'leased' | 'dead' | 'fill' | 'oldestAgeMs' | 'capacity'> {
  let [dead, due, delayed] = [0, 0, 0];
  const isDead = names.dead('*', '*').slice(0, -3);
  for (const subject of Object.keys(aside.state.subjects ?? {})) {
    if (subject.startsWith(isDead)) dead += 1;
    const [, place, at] = /\.(\d+)\.back\.(\d+)$/.exec(subject) ?? [];
    // a note may come late, of a message that was done meanwhile
    if (Number(place ?? 0) < messages.state.first_seq) continue;
    if (Number(at) > wallTime) delayed += 1;
    else due += 1;
  }
  const leased = Math.max(0, workers.num_ack_pending - due - delayed);
  const ready = undelivered(messages, workers) + due;
  const capacity = messages.config.max_msgs;
  const isEmpty = messages.state.messages === 0;
  return {
    ...{ ready, delayed, leased, dead, capacity },
    fill: (ready + delayed + leased) / capacity,
    oldestAgeMs: isEmpty ? 0 : Math.max(0, wallTime - Date.parse(messages.state.first_ts)),
  };
}
