import { describe, expect, it } from 'vitest';
import { assertMayListen, assertServedHost, publicOrigin, servedNames, urlHost } from './host-guard.js';

const refused = expect.objectContaining({ code: 'host-refused' });

const servedOver = (host: string, port: number, extra: string[] = []) =>
  servedNames({ host, port, tls: false, extra });
const invalid = expect.objectContaining({ code: 'configuration-invalid' });

describe('assertMayListen', () => {
  const open = { tls: false, signedIn: false };

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('lets an open gateway listen on %s', (host) => {
    expect(assertMayListen({ host, ...open })).toBeUndefined();
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.2',
    '::ffff:127.0.0.1.example.org',
    'example.org',
    '',
    '127.0.0.1.example.org',
    'localhost.example.org',
  ])('lets no open gateway listen on "%s", over TLS neither', (host) => {
    expect(() => assertMayListen({ host, ...open })).toThrow(invalid);
    const publicUrl = 'https://starling.example';
    expect(() => assertMayListen({ host, tls: true, signedIn: false, publicUrl })).toThrow(invalid);
  });

  it('lets people sign in from elsewhere over TLS alone', () => {
    expect(() => assertMayListen({ host: '10.0.0.1', tls: false, signedIn: true })).toThrow(/without TLS/);
    expect(assertMayListen({ host: '10.0.0.1', tls: true, signedIn: true })).toBeUndefined();
  });

  it('wants to know the name of a gateway that listens on every address', () => {
    const everywhere = { tls: true, signedIn: true };
    for (const host of ['0.0.0.0', '::']) {
      expect(() => assertMayListen({ host, ...everywhere })).toThrow(/which URL/);
      const publicUrl = 'https://starling.example';
      expect(assertMayListen({ host, ...everywhere, publicUrl })).toBeUndefined();
    }
  });
});

describe('publicOrigin', () => {
  it.each(['https://starling.example', 'https://starling.example:8443/', 'http://localhost'])(
    'takes %s',
    (text) => {
      expect(publicOrigin(text).origin).toBe(text.replace(/\/$/, ''));
    },
  );

  it.each([
    'starling.example',
    'https://starling.example/api',
    'https://ada:secret@starling.example',
    'https://starling.example?x',
    'ftp://starling.example',
    '',
  ])('refuses "%s"', (text) => {
    expect(() => publicOrigin(text)).toThrow(invalid);
  });
});

describe('servedNames', () => {
  it('has the names of loopback and the address with the port', () => {
    expect([...servedOver('127.0.0.2', 8080).hosts]).toEqual([
      'localhost:8080',
      '127.0.0.1:8080',
      '[::1]:8080',
      '127.0.0.2:8080',
    ]);
  });

  it('has further names as they are written, and with the port where they have none', () => {
    const served = servedOver('::1', 8080, ['Starling.example', 'other.example:9000']).hosts;
    expect([...served].filter((name) => name.includes('example'))).toEqual([
      'starling.example:8080',
      'starling.example',
      'other.example:9000',
    ]);
    expect(served.has('[::1]:8080')).toBe(true);
  });

  it('leaves the port out where it is that of HTTP', () => {
    const served = servedOver('127.0.0.1', 80).hosts;
    expect(served.has('localhost')).toBe(true);
    expect(served.has('localhost:80')).toBe(true);
  });
});

describe('assertServedHost', () => {
  const served = servedOver('127.0.0.1', 8080);
  const check = (headers: { host?: string; origin?: string }, target = '/') =>
    assertServedHost(
      {
        ...(headers.host === undefined ? {} : { host: [headers.host] }),
        ...(headers.origin === undefined ? {} : { origin: [headers.origin] }),
      },
      target,
      served,
    );

  it('takes what is served, in upper case as well, without or with an origin that is served', () => {
    check({ host: 'localhost:8080' });
    check({ host: 'LOCALHOST:8080' });
    check({ host: '127.0.0.1:8080', origin: 'http://localhost:8080' });
    check({ host: '[::1]:8080', origin: 'http://[::1]:8080' }, '*');
    check({ host: 'localhost:8080' }, 'http://localhost:8080/api/v1/status');
  });

  it.each([
    { host: 'evil.example:8080' },
    { host: 'localhost' },
    { host: 'localhost:8081' },
    { host: 'localhost:8080.evil.example' },
    { host: '' },
    {},
  ])('refuses the Host of %o', (headers) => {
    expect(() => check(headers)).toThrow(refused);
  });

  it.each([
    'http://evil.example',
    'http://localhost',
    'null',
    '',
    'localhost:8080',
    'file://localhost:8080',
    'http://ada@localhost:8080',
    'http://localhost:8080/',
    'ws://localhost:8080',
  ])('refuses the Origin "%s"', (origin) => {
    expect(() => check({ host: 'localhost:8080', origin })).toThrow(refused);
  });

  it('refuses a full URL of another host', () => {
    expect(() => check({ host: 'localhost:8080' }, 'http://evil.example/')).toThrow(refused);
    expect(() => check({ host: 'localhost:8080' }, 'evil.example:443')).toThrow(refused);
  });

  it('refuses a Host that is not served also where the target is a full URL', () => {
    expect(() => check({ host: 'evil.example' }, 'http://localhost:8080/api/v1/status')).toThrow(refused);
  });

  it('refuses a header that is there twice', () => {
    const host = ['localhost:8080', 'localhost:8080'];
    expect(() => assertServedHost({ host }, '/', served)).toThrow(refused);
    const origin = ['http://localhost:8080', 'http://evil.example'];
    expect(() => assertServedHost({ host: ['localhost:8080'], origin }, '/', served)).toThrow(refused);
  });

  it('takes over TLS no page that came without', () => {
    const overTls = servedNames({ host: '127.0.0.1', port: 443, tls: true, extra: ['starling.example'] });
    const host = ['starling.example'];
    expect(assertServedHost({ host, origin: ['https://starling.example'] }, '/', overTls)).toBeUndefined();
    expect(() => assertServedHost({ host, origin: ['http://starling.example'] }, '/', overTls)).toThrow(
      refused,
    );
  });

  it('says what is served', () => {
    expect(() => check({ host: 'evil.example' })).toThrow(
      'Host evil.example is not served. Use one of localhost:8080, 127.0.0.1:8080, [::1]:8080,',
    );
  });
});

describe('urlHost', () => {
  it('puts IPv6 in brackets', () => {
    expect([urlHost('::1'), urlHost('127.0.0.1')]).toEqual(['[::1]', '127.0.0.1']);
  });
});
