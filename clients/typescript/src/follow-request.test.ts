import { Readable } from 'node:stream';
import createClient from 'openapi-fetch';
import { describe, expect, it } from 'vitest';
import type { paths } from './api.js';
import { followRequest, mostFruitlessTries } from './follow-request.js';
import { StarlingProblem } from './problem.js';

const event = (sequence: number) =>
  `id: ${sequence}\nevent: placed\ndata: ${JSON.stringify({ sequence, at: 0, type: 'placed', message: '' })}\n\n`;

/** Follows a gateway that gives each connection the next of `streams`, and whose request is `states` in turn. */
function follow(streams: (string | Error)[], states: string[]) {
  const resumedAfter: (string | null)[] = [];
  const pauses: number[] = [];
  const api = createClient<paths>({
    baseUrl: 'http://gateway.example',
    fetch: async ({ url, headers }) => {
      if (!url.endsWith('/events')) return Response.json({ id: 'r-1', state: states.shift() });
      resumedAfter.push(headers.get('last-event-id'));
      const text = streams.shift() ?? '';
      if (text instanceof Error) throw text;
      return text === 'nothing more' ? new Response(null, { status: 204 }) : new Response(text);
    },
  });
  const events = followRequest(api, 'r-1', {}, async (milliseconds) => {
    pauses.push(milliseconds);
  });
  return { resumedAfter, pauses, events };
}

const sequences = async (events: AsyncIterable<{ sequence: number }>): Promise<number[]> =>
  (await Readable.from(events).toArray()).map(({ sequence }) => sequence);

describe('following a request', () => {
  it('goes on after the last event over broken connections, without loss or repetition', async () => {
    const { events, resumedAfter, pauses } = follow(
      [event(1), new TypeError('gone'), event(1) + event(2) + event(3), 'nothing more'],
      ['running', 'running', 'answered'],
    );
    expect(await sequences(events)).toEqual([1, 2, 3]);
    expect(resumedAfter).toEqual([null, '1', '1', '3']);
    expect(pauses).toEqual([250]);
  });

  it('gives the request as it ended', async () => {
    const { events } = follow([event(1)], ['cancelled']);
    await events.next();
    expect(await events.next()).toEqual({ done: true, value: { id: 'r-1', state: 'cancelled' } });
  });

  it('gives up where connections bring nothing', async () => {
    const streams = Array.from({ length: mostFruitlessTries }, () => new TypeError('gone'));
    const { events, pauses } = follow(streams, []);
    await expect(sequences(events)).rejects.toMatchObject({ code: 'gateway-unreachable' });
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000]);
  });

  it('does not go on where the gateway refuses', async () => {
    const api = createClient<paths>({
      baseUrl: 'http://gateway.example',
      fetch: async () => Response.json({ code: 'not-yours', detail: 'It is not yours.' }, { status: 403 }),
    });
    const refused = followRequest(api, 'r-1').next();
    await expect(refused).rejects.toThrow(StarlingProblem);
    await expect(refused).rejects.toMatchObject({ code: 'not-yours', status: 403 });
  });

  it('stops when it is told to', async () => {
    const reason = new Error('enough');
    const api = createClient<paths>({
      baseUrl: 'http://gateway.example',
      fetch: async () => {
        throw new TypeError('gone');
      },
    });
    const stop = new AbortController();
    const pause = async () => {
      stop.abort(reason);
    };
    const followed = followRequest(api, 'r-1', { signal: stop.signal }, pause);
    await expect(followed.next()).rejects.toBe(reason);
  });
});
