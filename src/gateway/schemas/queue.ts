import { z } from 'zod';
import type { QueueStats } from '../../kernel/queue/index.js';
import { listOf, milliseconds } from './shared-parts.js';

/** How a queue is. */
export const queueSchema = z
  .strictObject({
    name: z.string(),
    ready: z.int().min(0).describe('May be taken now.'),
    delayed: z.int().min(0).describe('Wait for their time.'),
    leased: z.int().min(0).describe('Are worked on.'),
    dead: z.int().min(0).describe('Are not delivered any more.'),
    capacity: z.int().min(1),
    fill: z.number().min(0).describe('How much of the capacity is taken, from 0 to 1.'),
    oldestAgeMs: z
      .number()
      .min(0)
      .describe('Milliseconds since the oldest message that is not done was published.'),
    inRate: z.number().min(0).describe('Messages per second that were published, over the last ten seconds.'),
    outRate: z.number().min(0).describe('Messages per second that were done.'),
    redelivered: z.int().min(0).describe('Deliveries that were not the first, since the start.'),
    paused: z.boolean(),
  })
  .meta({ id: 'Queue' }) satisfies z.ZodType<QueueStats>;

/** All queues, by name. */
export const queueListSchema = listOf(queueSchema, 'QueueList');

/** Messages that are not delivered any more. */
export const deadLetterPageSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        sequence: z.int().min(1).describe('Its place in the queue, by which it is retried or forgotten.'),
        id: z.string().exactOptional(),
        reason: z.string(),
        attempts: z.int().min(0),
        publishedAt: milliseconds,
        diedAt: milliseconds,
        bytes: z.int().min(0).describe('Length of the message.'),
        text: z.string().exactOptional().describe('Its beginning, where it is text.'),
      }),
    ),
    next: z.int().exactOptional().describe('Pass it as `after` to read on; absent on the last page.'),
  })
  .meta({ id: 'DeadLetterPage' });
