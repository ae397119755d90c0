import type { JetStreamClient } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { Chunks } from '../../src/kernel/blobs/nats/chunks.js';
import { blobNames, blobStreams } from '../../src/kernel/blobs/nats/layout.js';
import { ChunkUploads } from '../../src/kernel/blobs/nats/uploads.js';
import { connectNats, type Nats, openStream } from '../../src/kernel/nats/index.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`What comes late to NATS is not tested: ${missing}`);

/** The client with the first try of each message unanswered: it arrives when `arrive` is called, after the second. */
function late({ client }: Nats) {
  const held = new Map<string, () => Promise<unknown>>();
  const slow = new Proxy<JetStreamClient>(client, {
    get: (target, name) => {
      if (name !== 'publish') return Reflect.get(target, name);
      const publish: JetStreamClient['publish'] = (subject, ...rest) => {
        if (held.has(subject)) return target.publish(subject, ...rest);
        held.set(subject, () => target.publish(subject, ...rest));
        return Promise.reject(new errors.TimeoutError());
      };
      return publish;
    },
  });
  const arrive = async () => {
    for (const publish of held.values()) await publish();
  };
  return { client: slow, arrive };
}

describe.skipIf(missing !== undefined)('what comes to NATS after it was said again', () => {
  it('does not undo what was done meanwhile', async () => {
    const server = await startNats();
    try {
      const nats = await connectNats({ servers: server.urls });
      for (const stream of blobStreams(nats.prefix, nats)) await openStream(nats.manager, stream);
      const names = blobNames(nats.prefix);
      const { client, arrive } = late(nats);
      const chunks = new Chunks({ ...nats, client }, names);
      const uploads = new ChunkUploads({ ...nats, client }, names, chunks);
      async function* bytes() {
        yield Buffer.from('abc');
      }
      const kept = await uploads.begin();
      await kept.write(bytes());
      const left = await uploads.begin();
      await left.write(bytes());
      await left.discard();
      await arrive();
      // not taken for one that was broken off
      expect(await kept.finish()).toBe(true);
      const { state } = await nats.manager.streams.info(names.chunks, { subjects_filter: '>' });
      expect(state.subjects).toEqual({ [names.chunk(kept.id, 0)]: 1 });
      await nats.close();
    } finally {
      await server.close();
    }
  });
});
