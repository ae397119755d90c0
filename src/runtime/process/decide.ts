import { type Backoff, backoffDelay } from '../../kernel/control/index.js';
import type { InstanceState } from '../service.js';

/** What is wanted of a service. Times are in milliseconds. */
export interface Goal {
  /** The slots that are to hold an instance, in their order, each with the generation that is to run in it. */
  readonly slots: ReadonlyMap<number, number>;
  /** Why an instance in any other slot is to end. */
  readonly unwanted: string;
  /** From being told to end until it is killed. */
  readonly graceMs: number;
  /** From its start until it is to be ready. */
  readonly startMs: number;
  /** The longest time between two signs of life; absent where it gives none. */
  readonly heartbeatMs?: number;
}

/** What is there of one instance. Times are of the monotonic clock. */
export interface Actual {
  readonly id: string;
  readonly slot: number;
  readonly generation: number;
  readonly state: InstanceState;
  /** Since when it is in that state. */
  readonly since: number;
  /** Its last sign of life, once it is ready. */
  readonly aliveAt: number;
  /** It was killed, and its end is awaited. */
  readonly killed: boolean;
  /** When its slot may be started again, once it has ended. */
  readonly retryAt: number;
}

/** What is to be done. `forget` drops an instance that has ended. */
export type Action =
  | { readonly do: 'start'; readonly slot: number }
  | { readonly do: 'drain'; readonly id: string; readonly cause: string }
  | { readonly do: 'kill'; readonly id: string; readonly cause: string }
  | { readonly do: 'forget'; readonly id: string };

/** What is to be done now, and when to look again though nothing happens. */
export interface Decision {
  readonly actions: readonly Action[];
  /** Of the monotonic clock; absent where only an event can change anything. */
  readonly lookAgainAt?: number;
}

/**
 * Compares what is wanted with what is there. There is at most one instance to a slot: an earlier one ends before the next
 * starts. Of ready instances that are out of date one at a time is replaced, once all others are ready.
 */
export function decide(goal: Goal, actual: readonly Actual[], now: number): Decision {
  const actions: Action[] = [];
  const times: number[] = [];
  /** Does it where its time has come, and else has it looked at then. */
  const at = (time: number, action: Action) => {
    if (time <= now) actions.push(action);
    else times.push(time);
  };

  for (const one of actual) {
    if (one.state === 'ended') {
      if (!goal.slots.has(one.slot)) actions.push({ do: 'forget', id: one.id });
    } else if (one.killed) {
      // nothing is left to be done but to see it end
    } else if (one.state === 'draining') {
      const cause = `did not end within ${goal.graceMs / 1000} s of being told to`;
      at(one.since + goal.graceMs, { do: 'kill', id: one.id, cause });
    } else if (!goal.slots.has(one.slot)) {
      actions.push({ do: 'drain', id: one.id, cause: goal.unwanted });
    } else if (isOutdated(one, goal) && mayReplace(one, goal, actual)) {
      actions.push({ do: 'drain', id: one.id, cause: 'replaced by one of the newest generation' });
    } else if (one.state === 'starting') {
      const cause = `was not ready within ${goal.startMs / 1000} s`;
      at(one.since + goal.startMs, { do: 'kill', id: one.id, cause });
    } else if (goal.heartbeatMs !== undefined) {
      const cause = `gave no sign of life for ${goal.heartbeatMs / 1000} s`;
      at(one.aliveAt + goal.heartbeatMs, { do: 'kill', id: one.id, cause });
    }
  }
  for (const slot of goal.slots.keys()) {
    const holder = actual.find((one) => one.slot === slot);
    if (holder === undefined) actions.push({ do: 'start', slot });
    else if (holder.state === 'ended') {
      // a newer generation may have mended what it failed of
      at(isOutdated(holder, goal) ? now : holder.retryAt, { do: 'start', slot });
    }
  }
  return times.length === 0 ? { actions } : { actions, lookAgainAt: Math.min(...times) };
}

/** One that does not serve may go at once; one that does, when all others serve, and the first of those that may. */
function mayReplace(one: Actual, goal: Goal, actual: readonly Actual[]): boolean {
  if (one.state !== 'ready') return true;
  const wanted = actual.filter(({ slot }) => goal.slots.has(slot));
  const serving = wanted.filter(({ state, killed }) => state === 'ready' && !killed);
  if (serving.length < goal.slots.size) return false;
  return serving.find((other) => isOutdated(other, goal)) === one;
}

function isOutdated({ slot, generation }: Actual, { slots }: Goal): boolean {
  return slots.get(slot) !== generation;
}

/** How slots are started again. */
export interface RestartPolicy {
  readonly backoff: Backoff;
  /** An instance that was ready for so long, in milliseconds, makes the failures before it count no more. */
  readonly stableMs: number;
}

/** What an instance's end means for its slot. */
export interface AfterEnd {
  /** Ends in a row that nobody asked for. */
  readonly failures: number;
  /** Of the monotonic clock. */
  readonly retryAt: number;
}

/**
 * When a slot may be started again after an instance that ended at `now`. `failures` is how many ended before it in a row;
 * `sample` a random number in [0, 1). An end that was asked for is no failure, and is followed at once.
 */
export function afterEnd(
  ended: {
    readonly drained: boolean;
    /** When it became ready, of the monotonic clock; absent where it never did. */
    readonly readyAt?: number | undefined;
    readonly failures: number;
  },
  { backoff, stableMs }: RestartPolicy,
  now: number,
  sample: number,
): AfterEnd {
  if (ended.drained) return { failures: 0, retryAt: now };
  const stable = ended.readyAt !== undefined && now - ended.readyAt >= stableMs;
  const failures = (stable ? 0 : ended.failures) + 1;
  return { failures, retryAt: now + backoffDelay(backoff, failures, sample) };
}
