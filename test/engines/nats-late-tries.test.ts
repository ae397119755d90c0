import type { JetStreamClient, StreamAPI } from '@nats-io/jetstream';
import { JetStreamApiError } from '@nats-io/jetstream/internal';
import { errors } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { Chunks } from '../../src/kernel/blobs/nats/chunks.js';
import { blobNames, blobStreams } from '../../src/kernel/blobs/nats/layout.js';
import { ChunkUploads } from '../../src/kernel/blobs/nats/uploads.js';
import { connectNats, type Nats, openStream } from '../../src/kernel/nats/index.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`What comes late to NATS is not tested: ${missing}`);

/** The same, but for some members. */
function overlaid<Kind extends object>(original: Kind, members: Partial<Kind>): Kind {
  return new Proxy(original, {
    get: (target, name) => Reflect.get(name in members ? members : target, name),
  });
}

/** The client with the first try of each message unanswered: it arrives when `arrive` is called, after the second. */
function late({ client }: Nats) {
  const held = new Map<string, () => Promise<unknown>>();
  const publish: JetStreamClient['publish'] = (subject, ...rest) => {
    if (held.has(subject)) return client.publish(subject, ...rest);
    held.set(subject, () => client.publish(subject, ...rest));
    return Promise.reject(new errors.TimeoutError());
  };
  const arrive = async () => {
    for (const again of held.values()) await again();
  };
  return { client: overlaid(client, { publish }), arrive };
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

  it('does not take an upload for broken off while there is nobody to ask', async () => {
    const server = await startNats();
    try {
      const nats = await connectNats({ servers: server.urls });
      for (const stream of blobStreams(nats.prefix, nats)) await openStream(nats.manager, stream);
      const names = blobNames(nats.prefix);
      const away = new JetStreamApiError({
        ...{ code: 503, err_code: 10008, description: 'JetStream system temporarily unavailable' },
      });
      let asked = 0;
      const deleteMessage: StreamAPI['deleteMessage'] = (...place) => {
        asked += 1;
        return asked === 1 ? Promise.reject(away) : nats.manager.streams.deleteMessage(...place);
      };
      const manager = overlaid(nats.manager, {
        streams: overlaid(nats.manager.streams, { deleteMessage }),
      });
      const uploads = new ChunkUploads({ ...nats, manager }, names, new Chunks(nats, names));
      expect(await (await uploads.begin()).finish()).toBe(true);
      expect(asked).toBe(2);
      await nats.close();
    } finally {
      await server.close();
    }
  });
});
