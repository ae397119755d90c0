import { StarlingError } from '../../errors/index.js';
import type { Entry } from '../state.js';
import type { Connection } from './connection.js';
import type { KeySpace } from './key-space.js';
import { LeaseIds, leaseId } from './lease-ids.js';
import { type Compare, comparing, type KeyValue, type RequestOp, type ResponseOp } from './messages.js';
import { api } from './protocol.js';

export interface StoreParts {
  readonly connection: Connection;
  readonly keys: KeySpace;
  /** Written when the store was made. */
  readonly identity: string;
  /** etcd's id of the cluster, in decimal digits. */
  readonly cluster: string;
  /** etcd's revision at which the store was made. */
  readonly base: number;
}

/**
 * One store within etcd. Its revisions are etcd's, counted from the one at which the store was made; where others
 * write to the same cluster, or leases of ended processes lapse, some are left out.
 */
export class EtcdStore {
  readonly connection: Connection;
  readonly keys: KeySpace;
  readonly identity: string;
  readonly cluster: string;
  readonly leaseIds: LeaseIds;
  /** Holds as long as etcd has this very store. */
  readonly guard: Compare;
  readonly #base: number;
  /** Hears of each revision that is seen. */
  onRevision: (revision: number) => void = () => undefined;
  #known = 0;

  constructor({ connection, keys, identity, cluster, base }: StoreParts) {
    this.connection = connection;
    this.keys = keys;
    this.identity = identity;
    this.cluster = cluster;
    this.leaseIds = new LeaseIds(identity);
    this.#base = base;
    this.guard = {
      key: keys.store,
      result: comparing.equal,
      target: comparing.created,
      createRevision: base,
    };
    connection.onAnswer = ({ clusterId, revision }) => {
      if (clusterId !== cluster) throw this.replaced(`it is of the cluster ${clusterId} now`);
      this.see(this.fromEtcd(revision));
    };
  }

  /** The newest revision that any answer told of. */
  get known(): number {
    return this.#known;
  }

  see(revision: number): void {
    if (revision <= this.#known) return;
    this.#known = revision;
    this.onRevision(revision);
  }

  fromEtcd(revision: number | string): number {
    return Number(revision) - this.#base;
  }

  toEtcd(revision: number): number {
    return revision + this.#base;
  }

  /** Reads at one revision, of this store or none. Throws `storage-replaced` where etcd has it no more. */
  async read(
    operations: readonly RequestOp[],
  ): Promise<{ responses: readonly ResponseOp[]; revision: number }> {
    const request = { compare: [this.guard], success: operations, failure: [] };
    const { succeeded, responses, header } = await this.connection.call(api.transaction, request);
    if (!succeeded) throw this.replaced('it came back empty, or was made anew');
    return { responses, revision: this.fromEtcd(header?.revision ?? 0) };
  }

  entryOf({ key, value, createRevision, modRevision, lease }: KeyValue): Entry {
    const id = leaseId(lease);
    return {
      key: this.keys.keyOf(key),
      value: JSON.parse(value.toString('utf8')),
      createRevision: this.fromEtcd(createRevision),
      modRevision: this.fromEtcd(modRevision),
      ...(id === undefined ? {} : { lease: id }),
    };
  }

  /** What to throw where etcd is found to be without this store. */
  replaced(how: string): StarlingError {
    return new StarlingError(
      'storage-replaced',
      `The state in etcd at ${this.connection.addresses.join(', ')} under ${this.keys.prefix} is not the one that was opened (${this.identity} of cluster ${this.cluster}): ${how}. Nothing was written. Restore etcd from its backup, or start again to begin anew.`,
      { details: { identity: this.identity, cluster: this.cluster, prefix: this.keys.prefix } },
    );
  }
}
