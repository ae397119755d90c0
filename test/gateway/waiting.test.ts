import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { AskedRequest, Exchange, RequestRecord } from '../../src/systems/exchange/index.js';
import { recordOf } from './exchange-double.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

const id = 'r-1';
const body = { user: { id: 'ada@university.example' } };
const answered = recordOf(id, { state: 'answered', job: 'ada-00000001', endedAt: 5 });

/** An exchange with one request, which ends when the test or a cancel says so. */
function oneRequest() {
  let end: (record: RequestRecord) => void = () => {};
  let begin: () => void = () => {};
  let tellCancelled: (id: string) => void = () => {};
  const ended = new Promise<RequestRecord>((resolve) => {
    end = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const cancelled = new Promise<string>((resolve) => {
    tellCancelled = resolve;
  });
  const ask = async (): Promise<AskedRequest> => {
    begin();
    return { id, ended };
  };
  const able: Partial<Exchange> = {
    ask,
    followUp: ask,
    request: async () => recordOf(id),
    cancel: async (which) => {
      end(
        recordOf(which, { state: 'cancelled', error: { code: 'request-cancelled', message: 'Cancelled.' } }),
      );
      tellCancelled(which);
      return ended;
    },
  };
  return { able, begun, cancelled, end };
}

let test: TestGateway;
afterEach(() => test.close());

describe('asking', () => {
  it('waits for the end, and answers with the request', async () => {
    const { able, begun, end } = oneRequest();
    test = await openTestGateway(able);
    const asked = test.call('POST', '/api/v1/requests', { body });
    await begun;
    expect((await test.call('GET', '/api/v1/status')).body).toMatchObject({ requests: { running: 1 } });
    end(answered);
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, state: 'answered', tookMs: 5 });
    expect((await test.call('GET', '/api/v1/status')).body).toMatchObject({ requests: { running: 0 } });
  });

  it.each(['/api/v1/requests', '/api/v1/jobs/ada-00000001/requests'])(
    'answers at once at %s where that is preferred, and says where to look',
    async (path) => {
      const { able, end } = oneRequest();
      test = await openTestGateway(able);
      const headers = { prefer: 'wait=10, Respond-Async' };
      const answer = await test.call('POST', path, { body, headers });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe('/api/v1/requests/r-1');
      expect(answer.headers.get('preference-applied')).toBe('respond-async');
      expect(answer.body).toMatchObject({ id, state: 'running' });
      end(answered);
    },
  );

  it('is cancelled when the client that waits goes away', async () => {
    const { able, begun, cancelled } = oneRequest();
    test = await openTestGateway(able);
    const sent = httpRequest(`${test.url}/api/v1/requests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false,
    });
    sent.end(JSON.stringify(body));
    await begun;
    const broken = once(sent, 'error');
    sent.destroy(new Error('The client went away.'));
    await broken;
    expect(await cancelled).toBe(id);
  });

  it('ends with a problem for the one who waits, when another cancels the request', async () => {
    const { able, begun } = oneRequest();
    test = await openTestGateway(able);
    const asked = test.call('POST', '/api/v1/requests', { body });
    await begun;
    const cancelled = await test.call('DELETE', '/api/v1/requests/r-1');
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    const answer = await asked;
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'request-cancelled', request: id });
  });

  it('is not cancelled when a client goes away that did not wait', async () => {
    const { able, cancelled, end } = oneRequest();
    test = await openTestGateway(able);
    const sent = httpRequest(`${test.url}/api/v1/requests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      agent: false,
    });
    sent.end(JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(sent, 'close');
    end(answered);
    // had it been cancelled, this would not be the answer of the race
    expect(await Promise.race([cancelled, test.call('GET', '/healthz').then(() => 'not cancelled')])).toBe(
      'not cancelled',
    );
  });
});

describe('closing', () => {
  it('lets what is asked end', async () => {
    const { able, begun, end } = oneRequest();
    test = await openTestGateway(able);
    await test.call('GET', '/healthz');
    const asked = test.call('POST', '/api/v1/requests', { body });
    await begun;
    const closed = test.gateway.close();
    end(answered);
    expect((await asked).body).toMatchObject({ id, state: 'answered' });
    await closed;
    expect(test.clock.pendingTimers).toBe(0);
  });

  it('cancels after 2 seconds what has not ended', async () => {
    const { able, begun, cancelled } = oneRequest();
    test = await openTestGateway(able);
    const asked = test.call('POST', '/api/v1/requests', { body });
    const broken = expect(asked).rejects.toThrow();
    await begun;
    const closed = test.gateway.close();
    expect(test.clock.nextTimerIn).toBe(2_000);
    test.clock.advance(2_000);
    expect(await cancelled).toBe(id);
    await broken;
    await closed;
    await expect(fetch(test.url)).rejects.toThrow();
    expect(test.clock.pendingTimers).toBe(0);
  });

  it('waits for the same end however often it is called, and leaves no server', async () => {
    test = await openTestGateway();
    const { gateway } = test;
    await Promise.all([gateway.close(), gateway.close()]);
    await expect(fetch(gateway.url)).rejects.toThrow();
    const again = await openTestGateway({}, { port: gateway.port });
    expect(again.gateway.port).toBe(gateway.port);
    await again.close();
  });
});
