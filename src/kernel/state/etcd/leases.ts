import { StarlingError } from '../../errors/index.js';
import { EtcdFailure } from './failure.js';
import { grantLease } from './grant-lease.js';
import { leaseId, leaseNumber } from './lease-ids.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';

/** Takes, keeps and ends leases. */
export class Leases {
  readonly #store: EtcdStore;
  /** Leases that are being revoked from here: whoever would use one waits for its end. */
  readonly #ending = new Map<string, Promise<void>>();

  constructor(store: EtcdStore) {
    this.#store = store;
  }

  /** A new lease of at least `ttlMs`. */
  grant(ttlMs: number): Promise<{ id: string; ttlMs: number }> {
    return grantLease(this.#store, 'port', ttlMs);
  }

  /** The time in milliseconds that a lease was given. Throws `lease-lapsed` where it has ended. */
  async ttlMs(id: string): Promise<number> {
    await this.assertUsable(id);
    const { connection } = this.#store;
    const { ttl, grantedTtl } = await connection.call(api.timeToLive, { id: leaseNumber(id) });
    if (Number(ttl) <= 0) throw lapsed([id]);
    return Number(grantedTtl) * 1000;
  }

  /** Gives a lease its full time back. Throws `lease-lapsed` where it has ended. */
  async keepAlive(id: string): Promise<void> {
    await this.assertUsable(id);
    if (await this.#renew(id)) return;
    // A leader that was just elected may not have come to the lease yet in its log: a read waits for that.
    await this.#store.read([]);
    if (!(await this.#renew(id))) throw lapsed([id]);
  }

  /** Ends a lease with its keys. Throws `lease-lapsed` where it has ended before. */
  async revoke(id: string): Promise<void> {
    // In the turn of the call, so that what is asked for after it finds the lease ending.
    const revoking = this.assertUsable(id).then(() => this.#revoke(id));
    this.#ending.set(id, revoking);
    try {
      await revoking;
    } finally {
      this.#ending.delete(id);
    }
  }

  /** Waits where the lease is being revoked. Throws `lease-lapsed` where it was, or where there can be no such lease. */
  async assertUsable(id: string): Promise<void> {
    const isEnded = await this.#ending.get(id)?.then(
      () => true,
      // Whoever revokes hears of it; what is asked for here is asked of etcd.
      () => false,
    );
    if (isEnded === true || !this.#store.leaseIds.isOf(id, 'port')) throw lapsed([id]);
  }

  /** How many leases of the store there are. */
  async count(): Promise<number> {
    const { connection, leaseIds } = this.#store;
    const { leases } = await connection.call(api.leases, {});
    return leases.filter(({ id }) => leaseIds.isOf(leaseId(id) ?? '', 'port')).length;
  }

  async #renew(id: string): Promise<boolean> {
    const { connection } = this.#store;
    const { ttl } = await connection.call(api.keepAlive, { id: leaseNumber(id) }, { isStream: true });
    return Number(ttl) > 0;
  }

  async #revoke(id: string): Promise<void> {
    try {
      await this.#store.connection.call(api.revoke, { id: leaseNumber(id) });
    } catch (thrown) {
      if (!(thrown instanceof EtcdFailure) || thrown.kind !== 'lease-gone') throw thrown;
      // Where an earlier sending may have been done, it was that one which ended the lease.
      if (!thrown.mayBeDone) throw lapsed([id]);
    }
  }
}

/** The error of a lease that has ended. */
export function lapsed(ids: readonly string[]): StarlingError {
  const [lease] = ids;
  return new StarlingError(
    'lease-lapsed',
    `The lease ${ids.join(' or ')} has ended. Take a new lease, and write its keys again.`,
    { details: { lease } },
  );
}
