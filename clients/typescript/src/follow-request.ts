import type { Client } from 'openapi-fetch';
import { answerOf } from './answer-of.js';
import type { components, paths } from './api.js';
import { eventsAfter, type RequestEvent } from './events-after.js';
import { StarlingProblem } from './problem.js';

/** Connections in a row that may bring nothing new before the gateway counts as gone. */
export const mostFruitlessTries = 6;

/** How to follow a request. */
export interface FollowOptions {
  /** Goes on after the event of this sequence; from the first on if not given. */
  readonly after?: number;
  /** Stops following when it is aborted, and throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * The events of a request until it ends; gives the request as it ended. Where the connection breaks it goes on after the
 * last event that came, so that none is missed or told twice; the pauses double from 0.25 s, or are `pause`.
 *
 * Throws a `StarlingProblem`: what the gateway refuses with, or `gateway-unreachable` after `mostFruitlessTries` connections
 * that bring nothing.
 */
export async function* followRequest(
  api: Client<paths>,
  id: string,
  { after = 0, signal }: FollowOptions = {},
  pause: typeof pauseFor = pauseFor,
): AsyncGenerator<RequestEvent, components['schemas']['Request']> {
  let last = after;
  let fruitless = 0;
  for (;;) {
    const before = last;
    let failure: unknown;
    try {
      for await (const event of eventsAfter(api, id, last, signal)) {
        last = event.sequence;
        yield event;
      }
      const request = await answerOf(
        api.GET('/api/v1/requests/{id}', { params: { path: { id } }, signal: signal ?? null }),
      );
      if (request.state !== 'running') return request;
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!passes(thrown)) throw thrown;
      failure = thrown;
    }
    fruitless = last === before ? fruitless + 1 : 0;
    if (fruitless >= mostFruitlessTries) {
      const message = `The events of request ${id} end before the request does. Follow it again later.`;
      throw failure ?? new StarlingProblem('gateway-unreachable', message, { request: id });
    }
    if (fruitless > 0) await pause(250 * 2 ** (fruitless - 1), signal);
  }
}

/** Whether another connection may do better. */
function passes(thrown: unknown): boolean {
  return thrown instanceof StarlingProblem && ['gateway-unreachable', 'shutting-down'].includes(thrown.code);
}

function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
