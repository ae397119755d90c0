import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { issueCertificate, makeAuthority } from '../../kernel/certificates/index.js';
import { trustingFetch } from './trusting-fetch.js';

const now = Date.now();
const authority = await makeAuthority({ name: 'Test', days: 1, now });
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(): Promise<string> {
  const { key, certificate } = await issueCertificate({ authority, names: ['127.0.0.1'], days: 1, now });
  server = createServer({ key, cert: certificate }, async (request, response) => {
    if (request.url === '/elsewhere') response.writeHead(302, { location: 'https://example.org' }).end();
    else if (request.url === '/empty') response.writeHead(204).end();
    else if (request.url === '/silent') response.write('begun');
    else response.end(`${request.method} ${request.headers['x-own']} ${await text(request)}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

it('calls a server that the authority vouches for', async () => {
  const url = await serve();
  const call = trustingFetch(authority.certificate);
  const response = await call(url, { method: 'POST', headers: { 'x-own': 'mine' }, body: 'sent' });
  expect([response.status, await response.text()]).toEqual([200, 'POST mine sent']);
  expect((await call(`${url}/empty`)).status).toBe(204);
});

it('calls no server that another authority vouches for, and follows no redirection', async () => {
  const url = await serve();
  const other = await makeAuthority({ name: 'Other', days: 1, now });
  await expect(trustingFetch(other.certificate)(url)).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  await expect(trustingFetch(authority.certificate)(`${url}/elsewhere`)).rejects.toThrow('redirects');
});

it('ends with the reason of its signal, before and in the middle of an answer', async () => {
  const url = await serve();
  const call = trustingFetch(authority.certificate);
  const reason = new Error('enough');
  await expect(call(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const response = await call(`${url}/silent`, { signal: controller.signal });
  const reading = response.text();
  controller.abort(reason);
  await expect(reading).rejects.toThrow();
});
