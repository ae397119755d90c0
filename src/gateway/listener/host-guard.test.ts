import { describe, expect, it } from 'vitest';
import { assertLoopback, assertServedHost, servedHosts, urlHost } from './host-guard.js';

const refused = expect.objectContaining({ code: 'host-refused' });

describe('assertLoopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('takes %s', (host) => {
    expect(() => assertLoopback(host)).not.toThrow();
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.2',
    'example.org',
    '',
    '127.0.0.1.example.org',
    'localhost.example.org',
  ])('refuses "%s"', (host) => {
    expect(() => assertLoopback(host)).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
  });
});

describe('servedHosts', () => {
  it('has the names of loopback and the address with the port', () => {
    expect([...servedHosts('127.0.0.2', 8080, [])]).toEqual([
      'localhost:8080',
      '127.0.0.1:8080',
      '[::1]:8080',
      '127.0.0.2:8080',
    ]);
  });

  it('has further names as they are written, and with the port where they have none', () => {
    const served = servedHosts('::1', 8080, ['Starling.example', 'other.example:9000']);
    expect([...served].filter((name) => name.includes('example'))).toEqual([
      'starling.example:8080',
      'starling.example',
      'other.example:9000',
    ]);
    expect(served.has('[::1]:8080')).toBe(true);
  });

  it('leaves the port out where it is that of HTTP', () => {
    const served = servedHosts('127.0.0.1', 80, []);
    expect(served.has('localhost')).toBe(true);
    expect(served.has('localhost:80')).toBe(true);
  });
});

describe('assertServedHost', () => {
  const served = servedHosts('127.0.0.1', 8080, []);
  const check = (headers: { host?: string; origin?: string }, target = '/') =>
    assertServedHost(headers, target, served);

  it('takes what is served, in upper case as well, without or with an origin that is served', () => {
    check({ host: 'localhost:8080' });
    check({ host: 'LOCALHOST:8080' });
    check({ host: '127.0.0.1:8080', origin: 'http://localhost:8080' });
    check({ host: '[::1]:8080', origin: 'http://[::1]:8080' }, '*');
    check({ host: 'evil.example' }, 'http://localhost:8080/api/v1/status');
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

  it.each(['http://evil.example', 'http://localhost', 'null', '', 'localhost:8080', 'file://localhost:8080'])(
    'refuses the Origin "%s"',
    (origin) => {
      expect(() => check({ host: 'localhost:8080', origin })).toThrow(refused);
    },
  );

  it('refuses a full URL of another host', () => {
    expect(() => check({ host: 'localhost:8080' }, 'http://evil.example/')).toThrow(refused);
    expect(() => check({ host: 'localhost:8080' }, 'evil.example:443')).toThrow(refused);
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
