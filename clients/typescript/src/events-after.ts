import type { Client } from 'openapi-fetch';
import { answerOf } from './answer-of.js';
import type { components, paths } from './api.js';
import { StarlingProblem } from './problem.js';
import { serverSentEvents } from './server-sent-events.js';

/** Something that happened to a request. */
export type RequestEvent = components['schemas']['RequestEvent'];

/** The events of one connection that come after the one of sequence `after`. Throws `gateway-unreachable` where it breaks. */
export async function* eventsAfter(
  api: Client<paths>,
  id: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<RequestEvent, void> {
  const body: ReadableStream<Uint8Array> | null | undefined = await answerOf(
    api.GET('/api/v1/requests/{id}/events', {
      params: { path: { id }, header: after === 0 ? {} : { 'last-event-id': String(after) } },
      parseAs: 'stream',
      headers: { accept: 'text/event-stream' },
      signal: signal ?? null,
    }),
  );
  // nothing follows any more (204)
  if (body === null || body === undefined) return;
  try {
    for await (const { data } of serverSentEvents(body)) {
      const event: RequestEvent = JSON.parse(data);
      if (event.sequence > after) yield event;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StarlingProblem('gateway-unreachable', `The events of request ${id} broke off.`, { cause });
  }
}
