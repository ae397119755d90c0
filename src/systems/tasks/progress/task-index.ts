import { hasEnded, stateAsOf, type Task, type TaskState, taskStates } from '../task/index.js';
import { type Progress, progressOf, rateWindowMs } from './progress.js';

type Known = Pick<Task, 'id' | 'state' | 'batch' | 'user' | 'lease'> & { readonly filter: string };

/** What tasks are looked up by. */
export interface TaskSelection {
  readonly state?: TaskState;
  readonly batch?: string;
  readonly filter?: string;
  readonly user?: string;
}

/** Whose tasks are counted: those of a batch, of a person, of both, or all. */
export type TaskScope = Pick<TaskSelection, 'batch' | 'user'>;

/** The counts of one scope. */
class Tally {
  readonly counts = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>;
  total = 0;
  #endedAt: number[] = [];
  #recent = 1_000;

  change(before: TaskState | undefined, after: TaskState | undefined, now: number | undefined): void {
    if (before !== undefined) this.#count(before, -1);
    if (after === undefined) return;
    this.#count(after, 1);
    if (now === undefined || !hasEnded({ state: after })) return;
    this.#endedAt.push(now);
    // what is too old goes when half of it may be, so that one more costs next to nothing
    if (this.#endedAt.length >= 2 * this.#recent) this.#forget(now);
  }

  /** `lapsed`: how many of those under a lease are so no more. */
  progress(now: number, lapsed: number): Progress {
    this.#forget(now);
    const { leased, queued } = this.counts;
    const counts = { ...this.counts, leased: leased - lapsed, queued: queued + lapsed };
    return progressOf(counts, this.#endedAt, now);
  }

  #forget(now: number): void {
    this.#endedAt = this.#endedAt.filter((at) => at > now - rateWindowMs);
    this.#recent = Math.max(1_000, this.#endedAt.length);
  }

  #count(state: TaskState, by: number): void {
    this.counts[state] += by;
    this.total += by;
  }
}

/** All tasks by what they are looked up by, in memory: what is stored is read only for the page that somebody wants. */
export class TaskIndex {
  readonly #known = new Map<string, Known>();
  /** Those that are under a lease by their records: as many as workers have, so that they can be gone through. */
  readonly #leased = new Map<string, Known>();
  /** By scope. */
  readonly #tallies = new Map<string, Tally>();
  /** Sorted: ids begin with their time, so that nearly every new one is the last. */
  #ids: string[] = [];

  /** Takes in a task as it is now. `now`: monotonic milliseconds; left out for what ended before anybody counted. */
  put({ id, state, batch, filter, user, lease }: Task, now?: number): void {
    const before = this.#known.get(id);
    if (before === undefined) this.#insert(id);
    const known: Known = {
      ...{ id, state, batch, filter: filter.name },
      ...(user === undefined ? {} : { user }),
      ...(lease === undefined ? {} : { lease }),
    };
    this.#known.set(id, known);
    if (state === 'leased') this.#leased.set(id, known);
    else this.#leased.delete(id);
    if (before?.state !== state) this.#change({ batch, user }, before?.state, state, now);
  }

  remove(id: string): void {
    const before = this.#known.get(id);
    if (before === undefined) return;
    this.#known.delete(id);
    this.#leased.delete(id);
    this.#ids.splice(this.#position(id), 1);
    this.#change(before, before.state, undefined, undefined);
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Ids of what is selected as it is at `at` (milliseconds since 1970), oldest first, after `after`. */
  select({ state, batch, filter, user }: TaskSelection, at: number, limit: number, after = ''): string[] {
    const found: string[] = [];
    for (let next = this.#position(after); next < this.#ids.length && found.length < limit; next++) {
      const id = this.#ids[next] ?? '';
      const known = this.#known.get(id);
      if (known === undefined || id === after) continue;
      if (state !== undefined && stateAsOf(known, at) !== state) continue;
      if (batch !== undefined && known.batch !== batch) continue;
      if (filter !== undefined && known.filter !== filter) continue;
      if (user !== undefined && known.user !== user) continue;
      found.push(id);
    }
    return found;
  }

  /** `now`: monotonic milliseconds; `at`: the same moment in milliseconds since 1970, by which leases lapse. */
  progress(scope: TaskScope, now: number, at: number): Progress {
    const { batch, user } = scope;
    let lapsed = 0;
    for (const known of this.#leased.values()) {
      if (batch !== undefined && known.batch !== batch) continue;
      if (user !== undefined && known.user !== user) continue;
      if (stateAsOf(known, at) !== 'leased') lapsed += 1;
    }
    return (this.#tallies.get(scopeKey(scope)) ?? new Tally()).progress(now, lapsed);
  }

  /** When the next lease lapses that counts at `at`, if nothing is heard, in milliseconds since 1970. */
  nextLapse(at: number): number | undefined {
    let next: number | undefined;
    for (const { lease } of this.#leased.values())
      if (lease !== undefined && lease.until > at && (next === undefined || lease.until < next))
        next = lease.until;
    return next;
  }

  /** Every id. */
  ids(): readonly string[] {
    return this.#ids;
  }

  #change(
    { batch, user }: { readonly batch: string; readonly user?: string | undefined },
    before: TaskState | undefined,
    after: TaskState | undefined,
    now: number | undefined,
  ): void {
    for (const scope of [{}, { batch }, ...(user === undefined ? [] : [{ user }, { batch, user }])]) {
      const key = scopeKey(scope);
      const tally = this.#tallies.get(key) ?? new Tally();
      tally.change(before, after, now);
      if (tally.total === 0) this.#tallies.delete(key);
      else this.#tallies.set(key, tally);
    }
  }

  #insert(id: string): void {
    const last = this.#ids.at(-1);
    if (last === undefined || last < id) this.#ids.push(id);
    else this.#ids.splice(this.#position(id), 0, id);
  }

  /** The first position whose id is not before `id`. */
  #position(id: string): number {
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function scopeKey({ batch, user }: TaskScope): string {
  return JSON.stringify([batch ?? null, user ?? null]);
}
