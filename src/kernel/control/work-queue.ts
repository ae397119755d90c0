import { type Backoff, backoffDelay } from './backoff.js';

/** What happened; times are monotonic milliseconds. */
export type WorkEvent =
  | { readonly type: 'start' }
  | { readonly type: 'enqueue'; readonly key: string }
  | { readonly type: 'schedule'; readonly key: string; readonly dueAt: number }
  | { readonly type: 'due'; readonly key: string; readonly timer: TimerKind }
  | { readonly type: 'finished'; readonly key: string }
  | { readonly type: 'failed'; readonly key: string; readonly now: number; readonly sample: number }
  | { readonly type: 'gave-up'; readonly key: string }
  | { readonly type: 'stop' };

/** `scheduled`: asked for by `schedule`. `retry`: the wait after a failure. A key has at most one timer of each. */
export type TimerKind = 'scheduled' | 'retry';

/** What is to be done because of an event, in this order. */
export type WorkEffect =
  /** Begin to reconcile `key`; `attempt` is 1, plus the failures in a row before it. */
  | { readonly type: 'run'; readonly key: string; readonly attempt: number }
  /** Set the key's timer of that kind; it takes the place of an earlier one. */
  | { readonly type: 'arm'; readonly key: string; readonly timer: TimerKind; readonly dueAt: number }
  | { readonly type: 'disarm'; readonly key: string; readonly timer: TimerKind };

/** How many keys are in which condition. */
export interface WorkCounts {
  readonly queued: number;
  readonly running: number;
  /** Keys whose timers wait; a key with both kinds counts twice. */
  readonly delayed: number;
}

/** The queue's logic; see `createWorkQueue`. */
export interface WorkQueue {
  /** Takes one event and returns what is to be done; the caller does it and reports back by events. */
  step(event: WorkEvent): WorkEffect[];
  readonly counts: WorkCounts;
}

/**
 * A work queue as a state machine without clock, randomness or I/O, after client-go's `util/workqueue`:
 * - a key waits at most once, however often it is enqueued;
 * - a key runs at most once at a time; enqueued while it runs, it runs exactly once more afterwards;
 * - keys run in the order in which they began to wait, so that a busy key cannot starve the others;
 * - of several schedules of a key the earliest counts: the reconcile that it causes decides anew;
 * - a failed key waits for its backoff, unless it is enqueued meanwhile: news is worth a try.
 */
export function createWorkQueue(options: {
  readonly concurrency: number;
  readonly backoff: Backoff;
}): WorkQueue {
  const queued = new Set<string>();
  const running = new Set<string>();
  const enqueuedWhileRunning = new Set<string>();
  const failures = new Map<string, number>();
  const timers = { scheduled: new Map<string, number>(), retry: new Map<string, number>() };
  let phase: 'new' | 'started' | 'stopped' = 'new';

  const enqueue = (key: string) => {
    if (running.has(key)) enqueuedWhileRunning.add(key);
    else queued.add(key);
  };

  const leave = (key: string) => {
    running.delete(key);
    const again = enqueuedWhileRunning.delete(key) && phase !== 'stopped';
    if (again) queued.add(key);
    return again;
  };

  const arm = (key: string, timer: TimerKind, dueAt: number): WorkEffect[] => {
    timers[timer].set(key, dueAt);
    return [{ type: 'arm', key, timer, dueAt }];
  };

  const disarmAll = (): WorkEffect[] =>
    (['scheduled', 'retry'] as const).flatMap((timer) => {
      const keys = [...timers[timer].keys()];
      timers[timer].clear();
      return keys.map((key) => ({ type: 'disarm' as const, key, timer }));
    });

  const apply = (event: WorkEvent): WorkEffect[] => {
    switch (event.type) {
      case 'start':
        if (phase === 'new') phase = 'started';
        return [];
      case 'enqueue':
        if (phase !== 'stopped') enqueue(event.key);
        return [];
      case 'schedule': {
        const dueAt = timers.scheduled.get(event.key);
        if (phase === 'stopped' || (dueAt !== undefined && dueAt <= event.dueAt)) return [];
        return arm(event.key, 'scheduled', event.dueAt);
      }
      case 'due':
        if (timers[event.timer].delete(event.key)) enqueue(event.key);
        return [];
      case 'finished':
      case 'gave-up':
        failures.delete(event.key);
        leave(event.key);
        return [];
      case 'failed': {
        const count = (failures.get(event.key) ?? 0) + 1;
        const again = leave(event.key);
        if (phase === 'stopped') return [];
        failures.set(event.key, count);
        if (again) return [];
        return arm(event.key, 'retry', event.now + backoffDelay(options.backoff, count, event.sample));
      }
      case 'stop':
        phase = 'stopped';
        queued.clear();
        enqueuedWhileRunning.clear();
        failures.clear();
        return disarmAll();
    }
  };

  const runWhatFits = (): WorkEffect[] => {
    const effects: WorkEffect[] = [];
    if (phase !== 'started') return effects;
    for (const key of queued) {
      if (running.size >= options.concurrency) break;
      queued.delete(key);
      running.add(key);
      // The run that begins is what the retry waited for; a schedule stands for a later time and is kept.
      if (timers.retry.delete(key)) effects.push({ type: 'disarm', key, timer: 'retry' });
      effects.push({ type: 'run', key, attempt: (failures.get(key) ?? 0) + 1 });
    }
    return effects;
  };

  return {
    step: (event) => [...apply(event), ...runWhatFits()],
    get counts() {
      return {
        queued: queued.size,
        running: running.size,
        delayed: timers.scheduled.size + timers.retry.size,
      };
    },
  };
}
