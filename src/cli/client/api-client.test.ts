import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { type MadeServer, openMadeServer } from '../../kernel/made-server/index.js';
import { ApiClient, apiPath } from './api-client.js';

const servers: MadeServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = await openMadeServer(handle);
  servers.push(server);
  return server.url;
}

/** An address on which nothing listens: it was just given free. */
async function closedAddress(): Promise<string> {
  const url = await serve(() => {});
  await servers.pop()?.close();
  return url;
}

describe('ApiClient', () => {
  it('ends an answer that comes for long when its signal says so, also after garbage was collected', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const url = await serve((_request, response) => response.writeHead(200).write('x'));
    const abort = new AbortController();
    const { body } = await new ApiClient(url).call('/events', { signal: abort.signal });
    const reader = body?.getReader();
    expect((await reader?.read())?.value).toEqual(new Uint8Array([0x78]));
    const next = reader?.read();
    for (let turns = 0; turns < 10; turns += 1) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    abort.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
  });

  it('follows no redirection, which could lead to anybody', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(new ApiClient(url, { token: 'abc' }).json('/status')).rejects.toMatchObject({
      code: 'gateway-unreachable',
    });
    expect(paths).toEqual(['/api/v1/status']);
  });

  it('says who calls by a token, and tells nobody whom it could be stolen from', async () => {
    const url = await serve((request, response) =>
      response.end(JSON.stringify({ authorization: request.headers.authorization })),
    );
    const client = new ApiClient(url, { token: 'abc.def' });
    expect(await client.json('/status')).toEqual({ authorization: 'Bearer abc.def' });
    expect(await new ApiClient(url).json('/status')).toEqual({});
    for (const other of ['http://gateway.example', 'http://127.0.0.1.example', 'http://10.0.0.1:8080']) {
      expect(() => new ApiClient(other, { token: 'abc.def' })).toThrow(
        expect.objectContaining({ code: 'input-invalid', message: expect.not.stringContaining('abc') }),
      );
    }
    expect(new ApiClient('https://gateway.example', { token: 'abc' }).url).toBe('https://gateway.example');
  });

  it('sends method, query, headers and JSON, and gives the JSON of the answer', async () => {
    const url = await serve(async (request, response) => {
      const { method, url: path, headers } = request;
      const body = await text(request);
      response.end(JSON.stringify({ method, path, prefer: headers.prefer, body }));
    });
    const answer = await new ApiClient(`${url}/`).json('/requests', {
      method: 'POST',
      query: { dryRun: 'true', user: undefined },
      headers: { prefer: 'respond-async' },
      body: { user: { id: 'ä' } },
    });
    expect(answer).toEqual({
      method: 'POST',
      path: '/api/v1/requests?dryRun=true',
      prefer: 'respond-async',
      body: '{"user":{"id":"ä"}}',
    });
  });

  it('throws the error that a problem document stands for', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'not-found', detail: 'No job j1.', job: 'j1' }));
    });
    await expect(new ApiClient(url).json('/jobs/j1')).rejects.toMatchObject({
      code: 'not-found',
      message: 'No job j1.',
      details: { job: 'j1' },
    });
  });

  it('says where nothing listens, and what to do', async () => {
    const url = await closedAddress();
    await expect(new ApiClient(url).json('/status')).rejects.toMatchObject({
      code: 'gateway-unreachable',
      message: `No gateway answers at ${url}: the connection was refused. Start one with \`starling up\`, or give another address with --url or STARLING_URL.`,
    });
    expect(await new ApiClient(url).answers()).toBe(false);
  });

  it.each([200, 404])('knows another server by an answer that is not JSON (%i)', async (status) => {
    const url = await serve((_request, response) => {
      response.writeHead(status);
      response.end('<html></html>');
    });
    await expect(new ApiClient(url).json('/status')).rejects.toMatchObject({
      code: 'gateway-unreachable',
      message: `What answers at ${url} is not a Starling gateway. Give the gateway's address with --url or STARLING_URL.`,
    });
    expect(await new ApiClient(url).answers()).toBe(false);
  });

  it('knows a gateway by its health', async () => {
    const url = await serve((request, response) => {
      response.end(request.url === '/healthz' ? '{"status":"ok"}' : '');
    });
    expect(await new ApiClient(url).answers()).toBe(true);
  });

  it('throws the reason of an abort', async () => {
    const reason = new Error('enough');
    const url = await serve(() => {});
    await expect(new ApiClient(url).json('/status', { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it.each(['127.0.0.1:8080', 'ftp://x', '', 'http://', 'http://user@host'])(
    'refuses the address "%s"',
    (url) => {
      expect(() => new ApiClient(url)).toThrow(/is not an address of a gateway/);
    },
  );

  it('takes an address with a path, and the one of the API', () => {
    expect(new ApiClient('https://h.example/starling/').url).toBe('https://h.example/starling');
    expect(new ApiClient('http://h.example:9/api/v1').url).toBe('http://h.example:9');
  });
});

describe('apiPath', () => {
  it('keeps names from leaving their place', () => {
    expect(apiPath('agreements', '../status?x')).toBe('/agreements/..%2Fstatus%3Fx');
  });
});
