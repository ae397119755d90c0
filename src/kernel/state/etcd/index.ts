import type { EtcdState, EtcdStateOptions } from './options.js';

export type { EtcdState, EtcdStateOptions } from './options.js';

/**
 * Opens the state store that an etcd cluster (3.4 or later) keeps below a prefix, and makes it where there is none; the
 * caller closes it. Loads gRPC when it is called.
 * Throws `storage-unavailable` where no endpoint answers in time, `storage-refused` (credentials), `storage-replaced` (not the
 * expected store), `storage-version`, `storage-failed` (the prefix holds something else), or `configuration-invalid`.
 */
export async function openEtcdState(options: EtcdStateOptions): Promise<EtcdState> {
  const { openStore } = await import('./open.js');
  return openStore(options);
}
