import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../src/kernel/errors/index.js';
import type { RequestEvent } from '../../src/systems/exchange/index.js';
import { recordOf } from './exchange-double.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

const events: readonly RequestEvent[] = [
  { sequence: 1, at: 10, type: 'received', message: 'Ada asks VU.' },
  { sequence: 2, at: 20, type: 'run-started', party: 'VU', message: 'VU runs.' },
  { sequence: 3, at: 30, type: 'answered', message: 'Answered.' },
];
const ended = recordOf('r-1', { state: 'answered', events });
const lines = (event: RequestEvent) =>
  `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

let test: TestGateway;
afterEach(() => test.close());

async function openEnded(): Promise<void> {
  test = await openTestGateway({
    request: async () => ended,
    jobRequests: async (id) => (id === 'ada-1' ? ['r-1', 'r-0'] : []),
    events: async function* (_id, after) {
      yield* events.filter((event) => event.sequence > after);
    },
  });
}

describe('the events of a request', () => {
  it('come in order, and the stream ends with the request', async () => {
    await openEnded();
    const { headers, body } = await test.call<string>('GET', '/api/v1/requests/r-1/events');
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toBe(`retry: 2000\n\n${events.map(lines).join('')}`);
  });

  it('go on after the last one that came', async () => {
    await openEnded();
    const { body } = await test.call<string>('GET', '/api/v1/requests/r-1/events', {
      headers: { 'last-event-id': '2' },
    });
    expect(body).toBe(`retry: 2000\n\n${lines(events[2] as RequestEvent)}`);
  });

  it('are over where nothing follows, so that no client comes back', async () => {
    await openEnded();
    const { status } = await test.call('GET', '/api/v1/requests/r-1/events', {
      headers: { 'last-event-id': '3' },
    });
    expect(status).toBe(204);
  });

  it('begin anew for an empty Last-Event-ID, and one that is none is refused', async () => {
    await openEnded();
    const path = '/api/v1/requests/r-1/events';
    expect((await test.call<string>('GET', path, { headers: { 'last-event-id': '' } })).body).toContain(
      'id: 1\n',
    );
    const { status, body } = await test.call('GET', path, { headers: { 'last-event-id': 'x' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/last-event-id', in: 'header' }] });
  });

  it('are those of the newest request, for a job', async () => {
    await openEnded();
    const { body } = await test.call<string>('GET', '/api/v1/jobs/ada-1/events');
    expect(body).toContain('id: 3\nevent: answered\n');
    const { status } = await test.call('GET', '/api/v1/jobs/ada-2/events');
    expect(status).toBe(404);
  });

  it('of a request that is not there are a problem', async () => {
    test = await openTestGateway({
      request: async () => {
        throw new StarlingError('not-found', 'There is no request r-2.');
      },
    });
    const { status, body } = await test.call('GET', '/api/v1/requests/r-2/events');
    expect([status, body.code]).toEqual([404, 'not-found']);
  });

  it('end when the gateway closes, with the reading of them', async () => {
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    test = await openTestGateway({
      request: async () => recordOf('r-1'),
      events: async function* (_id, _after, signal) {
        yield events[0] as RequestEvent;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        stop();
      },
    });
    const response = await fetch(`${test.url}/api/v1/requests/r-1/events`);
    const closed = test.gateway.close();
    expect(await response.text()).toContain(lines(events[0] as RequestEvent));
    await stopped;
    await closed;
    expect(test.clock.pendingTimers).toBe(0);
  });

  it('stop being read when the client goes away', async () => {
    let tell: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      tell = resolve;
    });
    test = await openTestGateway({
      request: async () => recordOf('r-1'),
      events: async function* (_id, _after, signal) {
        signal.addEventListener('abort', () => tell(), { once: true });
        yield events[0] as RequestEvent;
        await gone;
      },
    });
    const sent = request(`${test.url}/api/v1/requests/r-1/events`, { agent: false });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.destroy();
    await gone;
    expect(test.clock.pendingTimers).toBe(0);
  });
});
