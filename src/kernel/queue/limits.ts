import { StarlingError } from '../errors/index.js';
import type { PublishOptions, QueueSettings, TakeOptions } from './queue.js';

const yearMs = 366 * 24 * 3_600_000;

/** What every adapter takes at most. */
export const queueLimits = {
  bodyBytes: 1_048_576,
  idCharacters: 256,
  nameCharacters: 64,
  priority: 9,
  capacity: 10_000_000,
  maxDeliveries: 1_000,
  takeMessages: 1_000,
  leaseMs: yearMs,
  delayMs: yearMs,
} as const;

/** The settings, with what they leave out as it was before, or else by default. Throws `input-invalid`. */
export function completeSettings(
  settings: QueueSettings,
  before: QueueSettings = {},
): Required<QueueSettings> {
  const { capacity = 100_000, maxDeliveries = 5, deduplicationMs = 120_000 } = { ...before, ...settings };
  assertWhole(capacity, 1, queueLimits.capacity, 'capacity of a queue');
  assertWhole(maxDeliveries, 1, queueLimits.maxDeliveries, 'most deliveries of a message');
  assertWhole(deduplicationMs, 0, yearMs, 'time for which ids are remembered, in milliseconds,');
  return { capacity, maxDeliveries, deduplicationMs };
}

/** Throws `input-invalid` for a name that an engine may not take. */
export function assertQueueName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,63}$/.test(name)) return;
  throw new StarlingError(
    'input-invalid',
    `The queue name ${JSON.stringify(name)} does not do. Use 1 to 64 lower-case letters, digits and hyphens, with a letter first.`,
  );
}

/** Throws `input-too-large` or `input-invalid` for a message that no adapter takes. */
export function assertPublishable(body: Uint8Array, { id, priority, delayMs }: PublishOptions): void {
  if (body.byteLength > queueLimits.bodyBytes) {
    throw new StarlingError(
      'input-too-large',
      `The message has ${body.byteLength} bytes, more than the ${queueLimits.bodyBytes} that a queue takes. Put it into blobs, and its hash into the queue.`,
    );
  }
  if (id !== undefined && (id.length === 0 || id.length > queueLimits.idCharacters)) {
    throw new StarlingError(
      'input-invalid',
      `The id of a message has ${id.length} characters. Give 1 to ${queueLimits.idCharacters}, or none.`,
    );
  }
  if (priority !== undefined) assertWhole(priority, 0, queueLimits.priority, 'priority of a message');
  if (delayMs !== undefined) assertDelay(delayMs);
}

/** Throws `input-invalid`. */
export function assertTakeable({ max, leaseMs }: TakeOptions): void {
  assertWhole(max, 1, queueLimits.takeMessages, 'number of messages to take');
  assertLease(leaseMs);
}

/** Throws `input-invalid`. */
export function assertLease(leaseMs: number): void {
  assertWhole(leaseMs, 1, queueLimits.leaseMs, 'time of a lease in milliseconds');
}

/** Throws `input-invalid`. */
export function assertDelay(delayMs: number): void {
  assertWhole(delayMs, 0, queueLimits.delayMs, 'delay of a message in milliseconds');
}

/** Throws `input-invalid`. */
export function assertWhole(value: number, least: number, most: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new StarlingError(
    'input-invalid',
    `The ${what} is ${value}. Give a whole number from ${least} to ${most}.`,
  );
}
