import { hasEnded, type Task, type TaskState, taskStates } from '../task/index.js';
import { type Progress, progressOf, rateWindowMs } from './progress.js';

type Known = Pick<Task, 'id' | 'state' | 'batch' | 'user'> & { readonly filter: string };

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

  progress(now: number): Progress {
    this.#forget(now);
    return progressOf({ ...this.counts }, this.#endedAt, now);
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
  /** By scope. */
  readonly #tallies = new Map<string, Tally>();
  /** Sorted: ids begin with their time, so that nearly every new one is the last. */
  #ids: string[] = [];

  /** Takes in a task as it is now. `now`: monotonic milliseconds; left out for what ended before anybody counted. */
  put({ id, state, batch, filter, user }: Task, now?: number): void {
    const before = this.#known.get(id);
    if (before === undefined) this.#insert(id);
    this.#known.set(id, { id, state, batch, filter: filter.name, ...(user === undefined ? {} : { user }) });
    if (before?.state !== state) this.#change({ batch, user }, before?.state, state, now);
  }

  remove(id: string): void {
    const before = this.#known.get(id);
    if (before === undefined) return;
    this.#known.delete(id);
    this.#ids = this.#ids.filter((one) => one !== id);
    this.#change(before, before.state, undefined, undefined);
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Ids of what is selected, oldest first, after `after`. */
  select({ state, batch, filter, user }: TaskSelection, limit: number, after = ''): string[] {
    const found: string[] = [];
    for (let at = this.#position(after); at < this.#ids.length && found.length < limit; at++) {
      const id = this.#ids[at] ?? '';
      const known = this.#known.get(id);
      if (known === undefined || id === after) continue;
      if (state !== undefined && known.state !== state) continue;
      if (batch !== undefined && known.batch !== batch) continue;
      if (filter !== undefined && known.filter !== filter) continue;
      if (user !== undefined && known.user !== user) continue;
      found.push(id);
    }
    return found;
  }

  progress(scope: TaskScope, now: number): Progress {
    return (this.#tallies.get(scopeKey(scope)) ?? new Tally()).progress(now);
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
