import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate, makeAuthority } from '../../src/kernel/certificates/index.js';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { as, openSignedInGateway, verifier } from './signed-in-gateway.js';
import { smallExchange } from './small-exchange.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

const day = 86_400_000;
const started = new ManualClock().wallTime();
const authority = await makeAuthority({ name: 'A consortium', days: 3_650, now: started - 100 * day });
const issue = (days: number, now = started) =>
  issueCertificate({ authority, names: ['localhost', '127.0.0.1'], days, now });
const tls = await issue(365);
const signedIn = { mode: 'signed-in', verifier } as const;

interface TlsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
  readonly fingerprint: string;
}

/** Calls over TLS. What the certificates' own clock says is not looked at: the test's clock stands in another year. */
async function call(port: number, path: string, headers: Record<string, string> = {}): Promise<TlsAnswer> {
  const options = { host: '127.0.0.1', port, path, headers, agent: false, rejectUnauthorized: false };
  const sent = request({ ...options, ca: authority.certificate });
  sent.end();
  const [response] = await once(sent, 'response');
  const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate();
  const body = await text(response);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(body),
    fingerprint: fingerprint256,
  };
}

let test: TestGateway;
afterEach(() => test?.close());

describe('a gateway with a certificate', () => {
  it('serves over TLS, and has browsers come back over TLS', async () => {
    test = await openSignedInGateway(smallExchange(), { tls });
    expect(test.url).toBe(`https://127.0.0.1:${test.gateway.port}`);
    const answer = await call(test.gateway.port, '/api/v1/parties', as('ada'));
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const refused = await call(test.gateway.port, '/api/v1/parties');
    expect([refused.status, refused.headers['strict-transport-security']]).toEqual([401, 'max-age=31536000']);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('knows no %s', async (version) => {
    test = await openSignedInGateway({}, { tls });
    const { port } = test.gateway;
    const socket = connect({
      host: '127.0.0.1',
      port,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    const [error] = await once(socket, 'error');
    expect(String(error)).toMatch(/protocol|alert|version/i);
  });

  it('answers no plain HTTP', async () => {
    test = await openSignedInGateway({}, { tls });
    await expect(fetch(`http://127.0.0.1:${test.gateway.port}/healthz`)).rejects.toThrow();
  });

  it('shows another one while it serves, and keeps the one before where that cannot be used', async () => {
    test = await openSignedInGateway({}, { tls });
    const { gateway } = test;
    const before = (await call(gateway.port, '/healthz')).fingerprint;
    const other = await issue(365);
    expect(() => gateway.useCertificate({ ...other, key: tls.key })).toThrow(
      expect.objectContaining({ code: 'certificate-invalid' }),
    );
    expect((await call(gateway.port, '/healthz')).fingerprint).toBe(before);
    gateway.useCertificate(await issue(365));
    expect((await call(gateway.port, '/healthz')).fingerprint).not.toBe(before);
  });

  it('tells when it ends, and warns once a day from 30 days before', async () => {
    test = await openSignedInGateway(smallExchange(), { tls: await issue(40) });
    const warnings = async () => {
      // lines come out of the logger's stream a turn later
      await setImmediate();
      return test.logged().filter(({ msg }) => String(msg).includes('about to expire')).length;
    };
    const status = await call(test.gateway.port, '/api/v1/status', as('operator'));
    expect(status.body).toMatchObject({
      access: 'signed-in',
      certificate: { expiresAt: new Date(started + 40 * day).toISOString(), daysLeft: 40 },
    });
    expect(await test.telemetry.metrics.text()).toMatch(/^starling_certificate_expiry_seconds 3456000$/m);
    expect(await warnings()).toBe(0);
    test.clock.advance(10 * day + 1_000);
    expect(await warnings()).toBe(1);
    test.clock.advance(day);
    expect(await warnings()).toBe(2);
    test.gateway.useCertificate(await issue(365, test.clock.wallTime()));
    test.clock.advance(5 * day);
    expect(await warnings()).toBe(2);
  });

  it('warns at once of one that ends within 30 days', async () => {
    test = await openSignedInGateway({}, { tls: await issue(3) });
    expect(test.logged().map(({ msg }) => msg)).toContain(
      'the certificate is about to expire: issue a new one',
    );
  });
});

describe('a certificate that cannot be used', async () => {
  it.each([
    ['is expired', await issue(10, started - 20 * day), /expired/],
    ['is of the future', await issue(365, started + 2 * day), /valid only from/],
    ['has another key', { ...(await issue(365)), key: tls.key }, /another key/],
    ['is none', { ...tls, certificate: 'nonsense' }, /cannot be read/],
    ['has a key that is none', { ...tls, key: 'nonsense' }, /key .*cannot be read/],
  ])('%s: the gateway does not start', async (_what, certificate, message) => {
    await expect(openSignedInGateway({}, { tls: certificate })).rejects.toMatchObject({
      code: 'certificate-invalid',
      message: expect.stringMatching(message),
    });
  });
});

describe('an address that others reach', () => {
  it('has its public name served, and no other', async () => {
    const publicUrl = 'https://starling.example';
    test = await openSignedInGateway(smallExchange(), { host: '0.0.0.0', tls, publicUrl });
    expect(test.url).toBe(publicUrl);
    const { port } = test.gateway;
    const status = async (host: string) => (await call(port, '/healthz', { host })).status;
    expect(await status('starling.example')).toBe(200);
    expect(await status(`0.0.0.0:${port}`)).toBe(403);
    expect(await status('evil.example')).toBe(403);
  });

  it.each([
    ['without TLS', { access: signedIn }, /without TLS/],
    ['with open access', { tls }, /believes everybody/],
    ['without a name', { access: signedIn, tls }, /which URL/],
  ])('is refused %s', async (_what, options, message) => {
    await expect(openTestGateway({}, { host: '0.0.0.0', ...options })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringMatching(message),
    });
  });

  it('cannot be given a certificate where it serves none', async () => {
    test = await openTestGateway();
    expect(() => test.gateway.useCertificate(tls)).toThrow(
      expect.objectContaining({ code: 'configuration-invalid' }),
    );
  });
});
