import type { StreamConfig } from '@nats-io/jetstream';
import { describeStream, type Nats } from '../../nats/index.js';

/** Bytes of a chunk; the last one of a blob may be shorter. They fit where servers have their defaults. */
export const chunkBytes = 262_144;

/** The names of what blobs are made of. */
export interface BlobNames {
  readonly chunks: string;
  readonly chunk: (upload: string, index: number) => string;
  readonly chunksOf: (upload: string) => string;
  readonly records: string;
  readonly record: (hash: string) => string;
  readonly upload: (id: string) => string;
}

export function blobNames(prefix: string): BlobNames {
  return {
    chunks: `${prefix}-blobs`,
    chunk: (upload, index) => `${prefix}.blob.${upload}.${index}`,
    chunksOf: (upload) => `${prefix}.blob.${upload}.>`,
    records: `${prefix}-blob-records`,
    record: (hash) => `${prefix}.blob-record.${hash}`,
    upload: (id) => `${prefix}.blob-upload.${id}`,
  };
}

type NamedConfig = Partial<StreamConfig> & { readonly name: string };

/** The streams, each with the last message of every subject. */
export function blobStreams(prefix: string, { replicas }: Pick<Nats, 'replicas'>): readonly NamedConfig[] {
  const names = blobNames(prefix);
  const both = { max_msgs_per_subject: 1, allow_direct: true, num_replicas: replicas };
  return [
    {
      ...both,
      name: names.chunks,
      subjects: [names.chunksOf('*')],
      description: describeStream('blobs', { chunkBytes }),
    },
    {
      ...both,
      name: names.records,
      subjects: [names.record('*'), names.upload('*')],
      description: describeStream('blob-records'),
    },
  ];
}
