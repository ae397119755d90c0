import { afterEach, describe, expect, it } from 'vitest';
import { traceparent } from '../../src/kernel/telemetry/index.js';
import { recordOf } from './exchange-double.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const parent = `00-${trace}-b7ad6b7169203331-01`;
const body = { user: { id: 'ada@university.example' } };

let test: TestGateway;
afterEach(() => test.close());

describe('a request', () => {
  it('runs in a span below that of the caller, also after its body was read', async () => {
    const seen: (string | undefined)[] = [];
    test = await openTestGateway({
      ask: async () => {
        seen.push(traceparent());
        return { id: 'r-1', ended: Promise.resolve(recordOf('r-1', { state: 'answered' })) };
      },
      request: async () => {
        seen.push(traceparent());
        return recordOf('r-1');
      },
    });
    const headers = { traceparent: parent };
    await test.call('POST', '/api/v1/requests', { body, headers });
    await test.call('GET', '/api/v1/requests/r-1', { headers });
    await test.call('GET', '/api/v1/requests/r-1');
    const [posted = '', got = '', own = ''] = seen;
    for (const one of [posted, got]) {
      expect(one).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
      expect(one).not.toBe(parent);
    }
    expect(own).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(own).not.toContain(trace);
  });

  it('is measured by route and status, and never by what a client makes up', async () => {
    test = await openTestGateway({ request: async () => recordOf('r-1') });
    await test.call('GET', '/api/v1/requests/r-1');
    await test.call('GET', '/api/v1/requests/r-2');
    await test.call('GET', '/made/up');
    await test.call('PROPFIND', '/api/v1/requests');
    const { headers, body: text } = await test.call<string>('GET', '/metrics');
    expect(headers.get('content-type')).toBe(test.telemetry.metrics.contentType);
    const counts = [...text.matchAll(/^starling_http_request_seconds_count\{(.*)\} (\d+)$/gm)].map(
      ([, labels, count]) => [labels?.replace(/,?(service|instance)="[^"]*"/g, ''), Number(count)],
    );
    expect(counts).toEqual(
      expect.arrayContaining([
        ['method="GET",route="/api/v1/requests/:id",status="200"', 2],
        ['method="GET",route="none",status="404"', 1],
        ['method="_OTHER",route="none",status="405"', 1],
      ]),
    );
    expect(text).not.toContain('made');
  });

  it('is one log line at debug level, within its trace', async () => {
    test = await openTestGateway({ request: async () => recordOf('r-1') });
    await test.call('GET', '/api/v1/requests/r-1?', { headers: { traceparent: parent } });
    const lines = test
      .logged()
      .filter((line) => line.msg === 'http request' && line.route !== '/openapi.json');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'debug',
        method: 'GET',
        path: '/api/v1/requests/r-1',
        route: '/api/v1/requests/:id',
        status: 200,
        trace_id: trace,
      }),
    ]);
  });
});

describe('probes', () => {
  it('say whether the process lives, and whether it can work', async () => {
    test = await openTestGateway();
    expect((await test.call('GET', '/healthz')).body).toEqual({ status: 'ok', checks: [] });
    // as long as it is not about to stop
    const serving = { name: 'serving', status: 'ok' };
    let broken = false;
    test.health.ready('state', async () => {
      if (broken) throw new Error('The state is closed.');
    });
    const ready = await test.call('GET', '/readyz');
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ok', checks: [serving, { name: 'state', status: 'ok' }] },
    ]);
    broken = true;
    const failed = await test.call('GET', '/readyz');
    expect(failed.status).toBe(503);
    expect(failed.body).toEqual({
      status: 'failed',
      checks: [serving, { name: 'state', status: 'failed', message: 'The state is closed.' }],
    });
    expect((await test.call('GET', '/healthz')).status).toBe(200);
  });
});
