import { z } from 'zod';
import { connectNats, type NatsOptions, openStream, readDescription } from '../../nats/index.js';
import { RecordedBlobs } from '../recorded/recorded-blobs.js';
import { blobBytes } from './blob-bytes.js';
import { Chunks } from './chunks.js';
import { blobNames, blobStreams, chunkBytes } from './layout.js';
import { MessageRecords } from './records.js';
import { ChunkUploads } from './uploads.js';

/** Blobs of one store in NATS; as `openNatsBlobs` has it. */
export async function natsBlobs(options: NatsOptions): Promise<RecordedBlobs> {
  const nats = await connectNats(options);
  try {
    const [chunkStream, recordStream] = await nats.ask('The blobs in NATS could not be opened', () =>
      Promise.all(blobStreams(nats.prefix, nats).map((stream) => openStream(nats.manager, stream))),
    );
    if (chunkStream !== undefined)
      readDescription('blobs', chunkStream.config, z.object({ chunkBytes: z.literal(chunkBytes) }));
    if (recordStream !== undefined) readDescription('blob-records', recordStream.config, z.object({}));
    const names = blobNames(nats.prefix);
    const chunks = new Chunks(nats, names);
    const { durability, identity, logger } = nats;
    return new RecordedBlobs({
      ...{ adapter: 'nats', durability, identity, logger },
      records: new MessageRecords(nats, names),
      uploads: new ChunkUploads(nats, names, chunks),
      read: (reading) => blobBytes(chunks, reading),
      close: () => nats.close(),
    });
  } catch (thrown) {
    await nats.close();
    throw thrown;
  }
}
