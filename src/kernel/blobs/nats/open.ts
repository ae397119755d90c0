import type { NatsOptions } from '../../nats/nats-options.js';
import type { Blobs } from '../blobs.js';

export type NatsBlobsOptions = NatsOptions;

/**
 * Opens the blobs in NATS JetStream; the caller closes them. The client is loaded only now. Throws `storage-unavailable` where
 * no server answers in time, `storage-refused`, `storage-failed` where there is no JetStream or a stream is not ours,
 * `storage-version` and `storage-replaced`.
 */
export async function openNatsBlobs(
  options: NatsBlobsOptions,
): Promise<Blobs & { readonly identity: string }> {
  const { natsBlobs } = await import('./nats-blobs.js');
  return natsBlobs(options);
}
