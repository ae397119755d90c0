import { describe, expect, it } from 'vitest';
import { listenForRows } from './listen-rows.js';

describe('where an agent listens for rows', () => {
  it('is nowhere unless it is told to', () => {
    expect(listenForRows({})).toBeUndefined();
  });

  it.each([
    [{ listenRows: '10.0.0.5:8444' }, { host: '10.0.0.5', port: 8444 }],
    [{ listenRows: '[::1]:0' }, { host: '::1', port: 0 }],
    [
      { listenRows: '0.0.0.0:8444', rowsAddress: 'https://rows.example:443', rowsQuota: 5 },
      { host: '0.0.0.0', port: 8444, address: 'https://rows.example:443', quotaBytes: 5_000_000 },
    ],
  ])('is read from %j', (options, read) => {
    expect(listenForRows(options)).toEqual(read);
  });

  it.each([
    [{ listenRows: '8444' }, 'is no address to listen on'],
    [{ listenRows: 'a:99999' }, 'is no address to listen on'],
    [{ listenRows: '::1:8444' }, 'is no address to listen on'],
    [{ listenRows: '0.0.0.0:8444' }, 'Say where with --rows-address'],
    [{ listenRows: 'a:1', rowsAddress: 'http://a:1' }, 'is no https address'],
    [{ rowsAddress: 'https://a:1' }, 'go with --listen-rows'],
  ])('is not %j', (options, why) => {
    expect(() => listenForRows(options)).toThrow(why);
  });
});
