import { StarlingError } from '../../kernel/errors/index.js';
import type { RequestEvent } from '../../systems/exchange/ask/request-record.js';
import { type ApiClient, apiPath } from './api-client.js';
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.js';
import { unreachable } from './unreachable.js';

/** Connections in a row that may bring nothing new before the gateway counts as gone. */
export const mostFruitlessTries = 6;

export interface FollowOptions {
  readonly onEvent: (event: RequestEvent) => void;
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Follows a request's events to its end, and gives the request as it then is. Where the connection breaks it goes on after
 * the last event that came, so that none is told twice or missed; the pauses double from 0.25 s.
 *
 * Throws `gateway-unreachable` after `mostFruitlessTries` connections that bring nothing, the signal's reason, and what the
 * gateway refuses with.
 */
export async function followRequest<View extends { readonly state: string }>(
  client: ApiClient,
  id: string,
  options: FollowOptions,
): Promise<View> {
  const { onEvent, signal, pause } = options;
  let lastId = '';
  let fruitless = 0;
  for (;;) {
    const before = lastId;
    let failure: StarlingError | undefined;
    try {
      for await (const event of eventsAfter(client, id, lastId, signal)) {
        lastId = event.id;
        onEvent(JSON.parse(event.data));
      }
      const view = await client.json<View>(apiPath('requests', id), { signal });
      if (view.state !== 'running') return view;
    } catch (thrown) {
      failure = passing(thrown, signal);
    }
    fruitless = lastId === before ? fruitless + 1 : 0;
    if (fruitless >= mostFruitlessTries) {
      throw failure ?? unreachable(client.url, `the events of request ${id} end before the request does`);
    }
    if (fruitless > 0) await pause(250 * 2 ** (fruitless - 1), signal);
  }
}

/** The events of one connection; what came before and what has no id is left out. */
async function* eventsAfter(
  client: ApiClient,
  id: string,
  last: string,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const headers = { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) };
  const { body } = await client.call(`${apiPath('requests', id)}/events`, { headers, signal });
  if (body === null) return;
  let newest = last;
  for await (const event of serverSentEvents(body)) {
    if (event.id === '' || event.id === newest) continue;
    newest = event.id;
    yield event;
  }
}

/** The failure of one connection where another may do; throws any other. */
function passing(thrown: unknown, signal: AbortSignal): StarlingError {
  if (signal.aborted) throw signal.reason;
  if (!(thrown instanceof StarlingError)) return StarlingError.from(thrown, 'gateway-unreachable');
  if (thrown.code === 'gateway-unreachable' || thrown.code === 'shutting-down') return thrown;
  throw thrown;
}
