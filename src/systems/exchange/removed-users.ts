import type { Clock } from '../../kernel/clock/index.js';
import { Follower } from '../../kernel/control/index.js';
import type { Comparison, Json, Operation, State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { RemovedUser } from './exchange-api.js';
import type { Catalogue } from './model/index.js';

const prefix = '/exchange/removed-users/';

/** Changed with every write, so that others can hold to what is in force. */
const guardKey = '/exchange/removed-users-guard';

export interface RemovedUsersOptions {
  readonly state: State;
  readonly clock: Pick<Clock, 'wallTime'>;
  readonly logger: Pick<Logger, 'error'>;
}

/**
 * People whom the operator removed from the consortium's gateways: their own rule, besides what the providers agreed to.
 * Several gateways keep them in one state.
 */
export class RemovedUsers {
  readonly #options: RemovedUsersOptions;
  #removed: ReadonlyMap<string, RemovedUser> = new Map();
  #extended: { readonly of: Catalogue; readonly catalogue: Catalogue } | undefined;
  #follower: Follower | undefined;

  private constructor(options: RemovedUsersOptions) {
    this.#options = options;
  }

  /** Reads who is removed, and follows it. Throws what the state throws. */
  static async open(options: RemovedUsersOptions): Promise<RemovedUsers> {
    const users = new RemovedUsers(options);
    users.#follower = await Follower.start({
      state: options.state,
      prefix,
      load: async (entries) => {
        const removed = new Map<string, RemovedUser>();
        for await (const { key, value } of entries) removed.set(key, value as unknown as RemovedUser);
        users.#become(removed);
      },
      apply: ({ changes }) => {
        const removed = new Map(users.#removed);
        for (const change of changes) {
          if (change.type === 'put')
            removed.set(change.entry.key, change.entry.value as unknown as RemovedUser);
          else removed.delete(change.key);
        }
        users.#become(removed);
      },
      onFailure: (error) =>
        options.logger.error({ err: error }, 'removed users are not followed any more: no request is taken'),
    });
    return users;
  }

  /** By id. */
  all(): readonly RemovedUser[] {
    return [...this.#removed.values()].sort((one, other) => (one.user < other.user ? -1 : 1));
  }

  /** Resolves when it is stored, and counts from then on. */
  async remove(user: string, cause: string, by: string | undefined): Promise<RemovedUser> {
    const at = new Date(this.#options.clock.wallTime()).toISOString();
    const removed = { user, cause, at, ...(by === undefined ? {} : { by }) };
    await this.#write({ put: keyOf(user), value: removed satisfies Json });
    return removed;
  }

  /** Resolves to false where the user was not removed. */
  async admit(user: string): Promise<boolean> {
    const key = keyOf(user);
    return this.#write({ delete: key }, [{ key, exists: true }]);
  }

  /** Resolves when `within` has every change that was written before the call, to the condition under which none came since. */
  async inForce(): Promise<Comparison> {
    const modRevision = (await this.#options.state.get(guardKey))?.modRevision ?? 0;
    await this.#follower?.reached(modRevision);
    return { key: guardKey, modRevision };
  }

  /**
   * The configuration with those who are removed; the same object as long as neither changes. Throws where the state cannot be
   * followed any more.
   */
  within(catalogue: Catalogue): Catalogue {
    const failure = this.#follower?.failure;
    if (failure !== undefined) throw failure;
    if (this.#extended?.of !== catalogue) {
      const removedUsers = new Map([...this.#removed.values()].map(({ user, cause }) => [user, cause]));
      this.#extended = { of: catalogue, catalogue: { ...catalogue, removedUsers } };
    }
    return this.#extended.catalogue;
  }

  /** Stops following; the state stays open. */
  async close(): Promise<void> {
    await this.#follower?.close();
  }

  async #write(operation: Operation, compare: readonly Comparison[] = []): Promise<boolean> {
    const { state } = this.#options;
    const success = [operation, { put: guardKey, value: true }];
    const { revision, succeeded } = await state.transaction({ compare, success });
    if (succeeded) await this.#follower?.reached(revision);
    return succeeded;
  }

  #become(removed: ReadonlyMap<string, RemovedUser>): void {
    this.#removed = removed;
    this.#extended = undefined;
  }
}

const keyOf = (user: string): string => prefix + encodeURIComponent(user);
