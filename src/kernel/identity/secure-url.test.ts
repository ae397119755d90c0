import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isSecureUrl } from './secure-url.js';

describe('isLoopbackHost', () => {
  it.each(['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])('is true of %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each(['', '0.0.0.0', '::', '128.0.0.1', 'localhost.example.org', '127.0.0.1.nip.io', '::ffff:10.0.0.1'])(
    'is false of "%s"',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

describe('isSecureUrl', () => {
  it.each(['https://example.org/x', 'http://localhost:8080', 'http://[::1]:1/'])('is true of %s', (url) => {
    expect(isSecureUrl(url)).toBe(true);
  });

  it.each(['http://example.org', 'http://localhost@example.org', 'file:///etc/passwd', 'example.org', ''])(
    'is false of "%s"',
    (url) => {
      expect(isSecureUrl(url)).toBe(false);
    },
  );
});
