import { expect, it } from 'vitest';
import { callJson } from '../engines/etcd-harness.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { loopback } from '../servers/started-server.js';
import { quotaOf } from './lab-quota.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`The quota of etcd is not filled: ${missing}.`);

it.skipIf(missing !== undefined)(
  'fills the quota of etcd and makes room again, as often as is wanted',
  async () => {
    const server = await startEtcd({ options: ['--quota-backend-bytes=8388608'] });
    try {
      const quota = quotaOf(server.urls, loopback);
      const put = () => callJson(server.url, 'kv/put', { key: 'YQ==', value: 'YQ==' });
      for (let time = 0; time < 2; time += 1) {
        expect(await put()).toMatchObject({ header: expect.anything() });
        await quota.fill();
        expect(await put()).toMatchObject({ error: expect.stringContaining('space exceeded') });
        await quota.free();
      }
      expect(await put()).toMatchObject({ header: expect.anything() });
    } finally {
      await server.close();
    }
  },
);
