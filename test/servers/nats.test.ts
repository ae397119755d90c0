import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { missingNats, startNats, startNatsCluster } from './nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`NATS servers are not tested: ${missing}`);

describe.skipIf(missing !== undefined)('servers of NATS', () => {
  it('keep their port and their data over a kill and a restart', async () => {
    const server = await startNats();
    try {
      const nc = await connect({ servers: server.urls });
      await (await jetstreamManager(nc)).streams.add({ name: 'kept', subjects: ['kept'] });
      await nc.close();
      await server.kill();
      await server.restart();
      const again = await connect({ servers: server.urls });
      expect((await (await jetstreamManager(again)).streams.info('kept')).config.name).toBe('kept');
      await again.close();
    } finally {
      await server.close();
    }
  });

  it('form a cluster that goes on without one of them', async () => {
    const cluster = await startNatsCluster(3);
    try {
      const nc = await connect({ servers: cluster.urls });
      const streams = (await jetstreamManager(nc)).streams;
      const { config } = await streams.add({ name: 'kept', subjects: ['kept'], num_replicas: 3 });
      expect(config.num_replicas).toBe(3);
      await nc.close();
      const [first] = cluster.members;
      await first?.kill();
      await first?.restart();
      expect(cluster.urls).toHaveLength(3);
    } finally {
      await cluster.close();
    }
  });
});
