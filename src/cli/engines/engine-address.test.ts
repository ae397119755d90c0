import { describe, expect, it } from 'vitest';
import { parseBlobsAddress, parseQueueAddress, parseStateAddress } from './engine-address.js';

describe('an address of the state', () => {
  it.each([
    ['etcd://h1', { engine: 'etcd', servers: ['h1:2379'], tls: false }],
    ['etcds://h1:80,h2:2380', { engine: 'etcd', servers: ['h1:80', 'h2:2380'], tls: true }],
    ['etcd://[::1]:2379/a/b/', { engine: 'etcd', servers: ['[::1]:2379'], tls: false, prefix: 'a/b' }],
  ])('%s', (text, address) => {
    expect(parseStateAddress(text)).toEqual(address);
  });

  it.each([
    ['nats://h1', 'it does not begin with etcd or etcds. Give one such as etcd://h1:2379'],
    ['h1:2379', 'it does not begin with etcd or etcds'],
    ['etcd://', '"" names no server'],
    ['etcd://h1,,h2', '"" names no server'],
    ['etcd://h1:99999', '"h1:99999" names no server'],
    ['etcd://h1,h1:2379', 'h1:2379 is named twice'],
    ['etcd://h1?replicas=3', 'it has no replicas'],
    ['etcd://root:secret@h1', 'holds credentials, which others see'],
  ])('%s is refused', (text, why) => {
    expect(() => parseStateAddress(text)).toThrow(
      expect.objectContaining({ code: 'input-invalid', message: expect.stringContaining(why) }),
    );
  });

  it('is not told where it holds a password', () => {
    expect(() => parseStateAddress('etcd://root:secret@h1')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('an address of queues and blobs', () => {
  it.each([
    ['nats://h1,h2:4333', { engine: 'nats', servers: ['h1:4222', 'h2:4333'], tls: false }],
    ['natss://h1?replicas=3', { engine: 'nats', servers: ['h1:4222'], tls: true, replicas: 3 }],
  ])('%s', (text, address) => {
    expect(parseQueueAddress(text)).toEqual(address);
    expect(parseBlobsAddress(text)).toEqual(address);
  });

  it('is of an S3 bucket, of Amazon or of whoever has the endpoint', () => {
    expect(parseBlobsAddress('s3://photos?region=eu-west-1')).toEqual({
      engine: 's3',
      bucket: 'photos',
      region: 'eu-west-1',
    });
    expect(parseBlobsAddress('s3://photos/a/b?endpoint=http://127.0.0.1:9000')).toEqual({
      engine: 's3',
      bucket: 'photos',
      prefix: 'a/b',
      endpoint: 'http://127.0.0.1:9000',
    });
  });

  it.each([
    ['nats://h1?replicas=6', 'replicas is 6, and not a number from 1 to 5'],
    ['nats://h1/stream', 'NATS has no path, as stream would be'],
    ['s3://B', '"B" names no bucket'],
    ['s3://photos?endpoint=ftp://h', 'its endpoint ftp://h is no URL of HTTP'],
    ['s3://photos?key=a', 'it has no key; it may have endpoint or region'],
  ])('%s is refused', (text, why) => {
    expect(() => parseBlobsAddress(text)).toThrow(
      expect.objectContaining({ code: 'input-invalid', message: expect.stringContaining(why) }),
    );
  });

  it('of a bucket is none of queues', () => {
    expect(() => parseQueueAddress('s3://photos')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('it does not begin with nats or natss') }),
    );
  });
});
