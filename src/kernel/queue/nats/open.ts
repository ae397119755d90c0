import type { NatsOptions } from '../../nats/nats-options.js';
import type { Queues } from '../queue.js';

export type NatsQueuesOptions = NatsOptions;

/**
 * Opens the queues in NATS JetStream; the caller closes them. The client is loaded only now. Throws `storage-unavailable` where
 * no server answers in time, `storage-refused`, `storage-failed` where there is no JetStream or a stream is not ours,
 * `storage-version` and `storage-replaced`.
 */
export async function openNatsQueues(
  options: NatsQueuesOptions,
): Promise<Queues & { readonly identity: string }> {
  const { NatsQueues } = await import('./nats-queues.js');
  return NatsQueues.open(options);
}
