import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { missingEtcd, startEtcd, startEtcdCluster } from './etcd.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`etcd servers are not tested: ${missing}`);

/** Calls the JSON form of a server's API. */
async function call(url: string, method: string, body: object, attempts = 10): Promise<unknown> {
  const response = await fetch(`${url}/v3/${method}`, { method: 'POST', body: JSON.stringify(body) });
  const answer: object = Object(await response.json());
  // What was under way while a new leader was elected is refused.
  return 'error' in answer && attempts > 1 ? call(url, method, body, attempts - 1) : answer;
}

const key = Buffer.from('k').toString('base64');
const value = Buffer.from('v').toString('base64');

describe.skipIf(missing !== undefined)('servers of etcd', () => {
  it('keep their port and their data over a kill and a restart', async () => {
    const server = await startEtcd();
    try {
      await call(server.url, 'kv/put', { key, value });
      const before = server.pid;
      await server.kill();
      await server.restart();
      expect(server.pid).not.toBe(before);
      expect(await call(server.url, 'kv/range', { key })).toMatchObject({ kvs: [{ key, value }] });
      const { stdout } = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(server.pid)]);
      expect(stdout.trim()).toBe('etcd');
    } finally {
      await server.close();
    }
  });

  it('form a cluster that goes on without one of them', async () => {
    const cluster = await startEtcdCluster(3);
    try {
      const [first = '', second = ''] = cluster.urls;
      await call(first, 'kv/put', { key, value });
      await cluster.members[0]?.kill();
      expect(await call(second, 'kv/range', { key })).toMatchObject({ kvs: [{ key, value }] });
      await cluster.members[0]?.restart();
      expect(await call(first, 'kv/range', { key })).toMatchObject({ kvs: [{ key, value }] });
    } finally {
      await cluster.close();
    }
  });
});
