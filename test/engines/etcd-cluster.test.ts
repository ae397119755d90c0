import { afterAll, beforeAll, describe } from 'vitest';
import { describeState } from '../../src/kernel/state/conformance.js';
import { missingEtcd, startEtcdCluster } from '../servers/etcd.js';
import type { ServerGroup } from '../servers/started-server.js';
import { harnessOn } from './etcd-harness.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`The state on three servers of etcd is not tested: ${missing}`);

/** A server is killed at each so many openings of a store, and the one before is started again. */
const opensPerKill = 12;

describe.skipIf(missing !== undefined)('three servers, of which one is killed now and again', () => {
  let cluster: ServerGroup;
  let opened = 0;
  beforeAll(async () => {
    cluster = await startEtcdCluster(3, { options: ['--heartbeat-interval=50', '--election-timeout=500'] });
  });
  afterAll(() => cluster.close());
  const harness = harnessOn(() => ({
    urls: cluster.urls,
    // As a power cut; a server that is asked to stop takes its time.
    restart: async () => {
      await cluster.kill();
      await cluster.restart();
    },
  }));
  describeState('etcd', {
    ...harness,
    open: async () => {
      opened += 1;
      const turn = opened / opensPerKill;
      if (Number.isInteger(turn)) {
        await cluster.members[(turn - 1) % 3]?.restart();
        await cluster.members[turn % 3]?.kill();
      }
      return harness.open();
    },
  });
});
