import type { Clock } from '../../kernel/clock/index.js';
import type { Json, State } from '../../kernel/state/index.js';
import type { RemovedUser } from './exchange-api.js';
import type { Catalogue } from './model/index.js';

const prefix = '/exchange/removed-users/';

/** People whom the operator removed from this gateway: its own rule, besides what the providers agreed to. */
export class RemovedUsers {
  readonly #state: State;
  readonly #clock: Pick<Clock, 'wallTime'>;
  #removed: ReadonlyMap<string, RemovedUser>;
  #extended: { readonly of: Catalogue; readonly catalogue: Catalogue } | undefined;

  private constructor(
    state: State,
    clock: Pick<Clock, 'wallTime'>,
    removed: ReadonlyMap<string, RemovedUser>,
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#removed = removed;
  }

  /** Reads who is removed. Throws what the state throws. */
  static async open(state: State, clock: Pick<Clock, 'wallTime'>): Promise<RemovedUsers> {
    const removed = new Map<string, RemovedUser>();
    for (let after: string | undefined; ; ) {
      const page = await state.list(prefix, after === undefined ? {} : { after });
      for (const { value } of page.entries) {
        const one = value as unknown as RemovedUser;
        removed.set(one.user, one);
      }
      if (page.next === undefined) return new RemovedUsers(state, clock, removed);
      after = page.next;
    }
  }

  /** By id. */
  all(): readonly RemovedUser[] {
    return [...this.#removed.values()].sort((one, other) => (one.user < other.user ? -1 : 1));
  }

  /** Resolves when it is stored, and counts from then on. */
  async remove(user: string, cause: string, by: string | undefined): Promise<RemovedUser> {
    const at = new Date(this.#clock.wallTime()).toISOString();
    const removed = { user, cause, at, ...(by === undefined ? {} : { by }) };
    await this.#state.put(keyOf(user), removed satisfies Json);
    this.#become(new Map(this.#removed).set(user, removed));
    return removed;
  }

  /** Resolves to false where the user was not removed. */
  async admit(user: string): Promise<boolean> {
    if (!this.#removed.has(user)) return false;
    await this.#state.delete(keyOf(user));
    this.#become(new Map([...this.#removed].filter(([id]) => id !== user)));
    return true;
  }

  /** The configuration with those who are removed; the same object as long as neither changes. */
  within(catalogue: Catalogue): Catalogue {
    if (this.#extended?.of !== catalogue) {
      const removedUsers = new Map([...this.#removed].map(([user, { cause }]) => [user, cause]));
      this.#extended = { of: catalogue, catalogue: { ...catalogue, removedUsers } };
    }
    return this.#extended.catalogue;
  }

  #become(removed: ReadonlyMap<string, RemovedUser>): void {
    this.#removed = removed;
    this.#extended = undefined;
  }
}

const keyOf = (user: string): string => prefix + encodeURIComponent(user);
