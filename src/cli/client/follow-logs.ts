import { StarlingError } from '../../kernel/errors/index.js';
import type { LogLine } from '../../runtime/index.js';
import { type ApiClient, apiPath } from './api-client.js';
import { mostFruitlessTries } from './follow-request.js';
import { serverSentEvents } from './server-sent-events.js';
import { unreachable } from './unreachable.js';

export interface FollowLogsOptions {
  /** How many lines that are there already. */
  readonly last: number;
  readonly instance: string | undefined;
  readonly onLine: (line: LogLine) => void;
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Follows what a service writes until the signal. Where the connection breaks it goes on after the last line that came; the
 * pauses double from 0.25 s. Throws the signal's reason, what the gateway refuses with, and `gateway-unreachable` after
 * `mostFruitlessTries` connections in a row that bring nothing.
 */
export async function followLogs(
  client: ApiClient,
  name: string,
  options: FollowLogsOptions,
): Promise<never> {
  const { last, instance, onLine, signal, pause } = options;
  let lastId = '';
  for (let fruitless = 0; ; fruitless += 1) {
    if (fruitless > 0) await pause(250 * 2 ** (fruitless - 1), signal);
    const before = lastId;
    let failure = unreachable(client.url, `what ${name} writes ends`);
    try {
      const { body } = await client.call(`${apiPath('services', name)}/logs`, {
        query: { follow: 'true', last, instance },
        headers: { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) },
        signal,
      });
      for await (const { id, data } of serverSentEvents(body ?? new ReadableStream())) {
        lastId = id;
        onLine(JSON.parse(data));
      }
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      if (thrown instanceof StarlingError && !passing.has(thrown.code)) throw thrown;
      failure = StarlingError.from(thrown, 'gateway-unreachable');
    }
    if (lastId !== before) fruitless = 0;
    if (fruitless + 1 >= mostFruitlessTries) throw failure;
  }
}

/** Failures of one connection where another may do. */
const passing: ReadonlySet<string> = new Set(['gateway-unreachable', 'shutting-down']);
