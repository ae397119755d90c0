import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type MadeServer, openMadeServer } from '../../kernel/made-server/index.js';
import { ApiClient } from './api-client.js';
import { followRequest, mostFruitlessTries } from './follow-request.js';

const servers: MadeServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A gateway that gives each connection for events to the next of `streams`, and tells the states of `views`. */
async function gateway(streams: Handle[], views: string[]): Promise<ApiClient> {
  const server = await openMadeServer((request, response) => {
    if (request.url?.endsWith('/events')) return streams.shift()?.(request, response);
    const state = (views.length > 1 ? views.shift() : views[0]) ?? 'running';
    response.end(JSON.stringify({ id: 'r-1', state }));
  });
  servers.push(server);
  return new ApiClient(server.url);
}

const event = (sequence: number) =>
  `id: ${sequence}\nevent: run-progress\ndata: {"sequence":${sequence}}\n\n`;

function follow(client: ApiClient, signal = new AbortController().signal) {
  const seen: number[] = [];
  const pauses: number[] = [];
  const ended = followRequest<{ state: string }>(client, 'r-1', {
    onEvent: ({ sequence }) => seen.push(sequence),
    signal,
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
  return { seen, pauses, ended };
}

describe('followRequest', () => {
  it('tells events in order and gives the request at its end', async () => {
    const client = await gateway([(_, response) => response.end(event(1) + event(2))], ['answered']);
    const { seen, ended } = follow(client);
    expect(await ended).toEqual({ id: 'r-1', state: 'answered' });
    expect(seen).toEqual([1, 2]);
  });

  it('goes on after the last event where the connection breaks', async () => {
    const asked: unknown[] = [];
    const client = await gateway(
      [
        (request, response) => {
          asked.push(request.headers['last-event-id']);
          response.write(event(1) + event(2), () => response.destroy());
        },
        (request, response) => {
          asked.push(request.headers['last-event-id']);
          response.end(event(2) + event(3));
        },
      ],
      ['answered'],
    );
    const { seen, ended } = follow(client);
    await ended;
    expect(asked).toEqual([undefined, '2']);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('connects again where the stream ends before the request', async () => {
    const client = await gateway(
      [(_, response) => response.end(event(1)), (_, response) => response.end(event(2))],
      ['running', 'refused'],
    );
    const { seen, ended } = follow(client);
    expect(await ended).toMatchObject({ state: 'refused' });
    expect(seen).toEqual([1, 2]);
  });

  it('gives up after connections that bring nothing, with doubling pauses between them', async () => {
    const broken: Handle[] = Array.from({ length: 10 }, () => (_, response) => response.destroy());
    const client = await gateway(broken, ['running']);
    const { pauses, ended } = follow(client);
    await expect(ended).rejects.toMatchObject({ code: 'gateway-unreachable' });
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000]);
    expect(broken).toHaveLength(10 - mostFruitlessTries);
  });

  it('throws at once what the gateway refuses with', async () => {
    const client = await gateway(
      [
        (_, response) => {
          response.writeHead(404);
          response.end(JSON.stringify({ code: 'not-found', detail: 'No request r-1.' }));
        },
      ],
      [],
    );
    await expect(follow(client).ended).rejects.toMatchObject({ code: 'not-found' });
  });

  it('throws the reason of an abort while it waits for events', async () => {
    const controller = new AbortController();
    const client = await gateway([(_, response) => response.write(event(1))], []);
    const reason = new Error('Ctrl-C');
    const ended = followRequest(client, 'r-1', {
      onEvent: () => controller.abort(reason),
      signal: controller.signal,
      pause: async () => {},
    });
    await expect(ended).rejects.toBe(reason);
  });
});
