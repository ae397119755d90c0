import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { afterAll, beforeAll } from 'vitest';
import { describeBlobs } from '../../src/kernel/blobs/conformance.js';
import { type Blobs, openNatsBlobs } from '../../src/kernel/blobs/index.js';
import { missingNats, startNats } from '../servers/nats.js';
import type { StartedServer } from '../servers/started-server.js';
import { prefixedStores } from './prefixed-stores.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Blobs in NATS are not tested: ${missing}`);

let server: StartedServer | undefined;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

const stores = prefixedStores<Blobs>((prefix) =>
  openNatsBlobs({ servers: [server?.url ?? ''], prefix, logger: silent }),
);

beforeAll(async () => {
  if (missing === undefined) server = await startNats();
});

afterAll(() => server?.close());

describeBlobs('NATS', {
  ...(missing === undefined ? {} : { missing }),
  ...stores,
  damage: async (blobs) => {
    const prefix = stores.prefixOf(blobs);
    const connection = await connect({ servers: server?.url ?? '' });
    const { streams } = await jetstreamManager(connection);
    const { state } = await streams.info(`${prefix}-blobs`, { subjects_filter: `${prefix}.blob.>` });
    for (const subject of Object.keys(state.subjects ?? {})) {
      const stored = await streams.getMessage(`${prefix}-blobs`, { last_by_subj: subject });
      const bytes = Buffer.from(stored?.data ?? []);
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      const fields = headers();
      fields.set('Starling-Digest', stored?.header.get('Starling-Digest') ?? '');
      // without its id, by which NATS knows the one that was written
      await jetstream(connection).publish(subject, bytes, { headers: fields });
    }
    await connection.close();
  },
});
