import { StarlingError } from '../../../kernel/errors/index.js';
import type { AnswerFiles } from '../answers/index.js';
import type { GatewayEntries } from './gateway-entries.js';
import type { RequestStore } from './request-store.js';

/**
 * Closes requests that a killed process left unfinished: their runs ended with it, so that they have failed, and their
 * record says so. Nothing is run again by itself: the requester decides.
 *
 * @param now milliseconds since 1970
 */
export async function recoverRequests(
  store: RequestStore,
  files: AnswerFiles,
  entries: Pick<GatewayEntries, 'failed'>,
  now: number,
): Promise<void> {
  const error = new StarlingError(
    'run-died',
    'The gateway was stopped before the request had its answer. Ask again.',
  );
  for (const id of await store.runningRequests()) {
    const record = await store.request(id);
    await files.remove(id);
    const event = {
      sequence: record.events.length + 1,
      at: now,
      type: 'failed' as const,
      message: error.message,
    };
    const failed = {
      ...record,
      state: 'failed' as const,
      endedAt: now,
      error: error.toRecord(),
      events: [...record.events, event],
    };
    await Promise.all([store.failed(failed, error.message), entries.failed(failed)]);
  }
}
