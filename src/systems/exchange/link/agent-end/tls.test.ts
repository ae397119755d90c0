import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate, makeAuthority } from '../../../../kernel/certificates/index.js';
import { MadeAgent, madeOutcome } from '../made-agent.js';
import { madeLink, until } from '../made-link.js';

let link: Awaited<ReturnType<typeof madeLink>>;

beforeEach(async () => {
  link = await madeLink();
});
afterEach(() => link.close());

/** The same gateway behind TLS, with a certificate of a consortium's own authority for `name`. */
async function secured(name: string) {
  const now = Date.now();
  const authority = await makeAuthority({ name: 'Test', days: 1, now });
  const { certificate, key } = await issueCertificate({ authority, names: [name], days: 1, now });
  const server = createServer({ cert: certificate, key });
  server.on('upgrade', (request, socket, head) => link.server.accept(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, ca: authority.certificate, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('a stream over TLS', () => {
  it('carries orders where the authority is known', async () => {
    const gateway = await secured('127.0.0.1');
    const { url, ca } = gateway;
    const connection = link.connect(new MadeAgent(), await link.enrol('VU'), { url, tls: { ca } });
    await link.seen('VU');
    const outcome = await link.server.directory
      .get('VU')
      ?.execute(
        { signed: 'order 1', inputs: [] },
        { signal: new AbortController().signal, onProgress: () => undefined, onRows: async () => undefined },
      );
    expect(outcome).toEqual(madeOutcome());
    await connection.close();
    await gateway.close();
  });

  it.each([
    ['of an authority that is not known', '127.0.0.1', false],
    ['for another name', 'gateway.example', true],
  ])('is not opened to a certificate %s', async (_what, name, known) => {
    const gateway = await secured(name);
    const { url, ca } = gateway;
    const tls = known ? { tls: { ca } } : {};
    const connection = link.connect(new MadeAgent(), await link.enrol('VU'), { url, ...tls });
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(connection.status().error?.code).toBe('certificate-invalid');
    await connection.close();
    await gateway.close();
  });
});
