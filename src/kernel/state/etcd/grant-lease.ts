import { EtcdFailure } from './failure.js';
import { type LeaseUse, leaseNumber } from './lease-ids.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';

/** A new lease of at least `ttlMs`: etcd counts whole seconds, of which it gives two at least. */
export async function grantLease(
  { connection, leaseIds }: Pick<EtcdStore, 'connection' | 'leaseIds'>,
  use: LeaseUse,
  ttlMs: number,
): Promise<{ id: string; ttlMs: number }> {
  for (;;) {
    const id = leaseIds.make(use);
    try {
      const request = { id: leaseNumber(id), ttl: Math.ceil(ttlMs / 1000) };
      const { ttl } = await connection.call(api.grant, request);
      return { id, ttlMs: Number(ttl) * 1000 };
    } catch (thrown) {
      // The id is taken, maybe by this very call, of which an answer was lost: what nobody knows of lapses by itself.
      if (!(thrown instanceof EtcdFailure) || thrown.kind !== 'lease-exists') throw thrown;
    }
  }
}
