import type { Clock, Timer } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type BackoffOptions, validateBackoff } from './backoff.js';
import { controllerMetrics } from './controller-metrics.js';
import { TerminalError } from './terminal-error.js';
import { createWorkQueue, type TimerKind, type WorkEffect, type WorkEvent } from './work-queue.js';

/** What a reconcile asks for: nothing, or to be run again after a time even when nothing is enqueued. */
export type Result = undefined | { readonly requeueAfterMs: number };

/** What a reconcile is given besides its key. */
export interface ReconcileContext {
  /** Aborted when the controller stops and the grace is over; the reason is `shutting-down`. */
  readonly signal: AbortSignal;
  /** 1, plus the failures in a row before this run. */
  readonly attempt: number;
}

/**
 * Compares what is wanted of `key` with what is, and acts. It must read both afresh: why it was called is not told,
 * and several changes may have become one call. To reject makes the controller try again later; `TerminalError` not.
 */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<Result>;

export interface ControllerOptions {
  /** Names the controller in logs and metrics. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  /** Random numbers in [0, 1) for the jitter, such as `Math.random`. */
  readonly random: () => number;
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How many keys are reconciled at the same time; 1. */
  readonly concurrency?: number;
  readonly backoff?: BackoffOptions;
  readonly metrics?: Metrics;
}

/** A key whose last reconcile failed. */
export interface FailingKey {
  readonly key: string;
  /** Which attempt in a row failed. */
  readonly attempt: number;
  /** True where it is not tried again by itself. */
  readonly terminal: boolean;
  readonly error: StarlingError;
}

export interface ControllerStatus {
  readonly name: string;
  readonly phase: 'new' | 'started' | 'stopping' | 'stopped';
  /** Keys that wait for a free place. */
  readonly queued: number;
  readonly running: number;
  /** Timers that wait: retries and scheduled runs. */
  readonly delayed: number;
  /** Keys whose last reconcile failed; a success takes the key off. */
  readonly failing: readonly FailingKey[];
}

export interface Controller {
  /** Begins to reconcile; what was enqueued before is kept. Throws `shutting-down` after `stop`. */
  start(): void;
  /** Has `key` reconciled soon. Ignored after `stop`, as a watch may still deliver then. */
  enqueue(key: string): void;
  /** Has `key` reconciled after `ms`; of several such calls the earliest counts. Ignored after `stop`. */
  enqueueAfter(key: string, ms: number): void;
  /** Resolves when nothing is queued or running; timers for later do not count. */
  idle(): Promise<void>;
  /**
   * Begins no new work and resolves when what runs has ended. `graceMs` (0): how long until the running are told
   * by their signal to stop. Calling again waits for the same end.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
  readonly status: ControllerStatus;
}

/**
 * A level-based reconcile loop, after Kubernetes' controller-runtime; `work-queue.ts` holds its logic. It owns its
 * timers and signal until `stop`. Throws `configuration-invalid` where concurrency or backoff are not usable.
 */
export function createController(options: ControllerOptions): Controller {
  const { name, clock, logger, concurrency = 1 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new StarlingError(
      'configuration-invalid',
      `Controller ${name} cannot run ${concurrency} keys at a time. Give a whole number of at least 1.`,
    );
  }
  const queue = createWorkQueue({ concurrency, backoff: validateBackoff(options.backoff) });
  const metrics = controllerMetrics(name, options.metrics);
  const abort = new AbortController();
  const timers = { scheduled: new Map<string, Timer>(), retry: new Map<string, Timer>() };
  const failing = new Map<string, FailingKey>();
  let phase: ControllerStatus['phase'] = 'new';
  let waitingForIdle: (() => void)[] = [];
  let stopped: Promise<void> | undefined;

  const dispatch = (event: WorkEvent) => {
    for (const effect of queue.step(event)) perform(effect);
    const counts = queue.counts;
    metrics.counted(counts);
    if (counts.queued > 0 || counts.running > 0) return;
    const waiting = waitingForIdle;
    waitingForIdle = [];
    for (const resolve of waiting) resolve();
  };

  const perform = (effect: WorkEffect) => {
    switch (effect.type) {
      case 'run':
        void run(effect.key, effect.attempt);
        return;
      case 'arm':
        disarm(effect.key, effect.timer);
        timers[effect.timer].set(
          effect.key,
          clock.timer(Math.max(0, effect.dueAt - clock.now()), () => {
            timers[effect.timer].delete(effect.key);
            dispatch({ type: 'due', key: effect.key, timer: effect.timer });
          }),
        );
        return;
      case 'disarm':
        disarm(effect.key, effect.timer);
        return;
    }
  };

  const disarm = (key: string, timer: TimerKind) => {
    timers[timer].get(key)?.cancel();
    timers[timer].delete(key);
  };

  // Never rejects: whatever the reconcile throws ends in `fail`.
  const run = async (key: string, attempt: number) => {
    // Begins in a later microtask, so that a caller of `enqueue` never runs a reconcile inside its own call.
    await Promise.resolve();
    const startedAt = clock.now();
    try {
      const result = await options.reconcile(key, { signal: abort.signal, attempt });
      if (result !== undefined) schedule(key, result.requeueAfterMs);
      metrics.reconciled('success', clock.now() - startedAt);
      failing.delete(key);
      dispatch({ type: 'finished', key });
    } catch (thrown) {
      fail(key, attempt, thrown, clock.now() - startedAt);
    }
  };

  const fail = (key: string, attempt: number, thrown: unknown, durationMs: number) => {
    const error = StarlingError.from(thrown, 'internal', `Reconciling ${key} in controller ${name}`);
    const terminal = error instanceof TerminalError;
    const fields = { controller: name, key, attempt, err: error };
    metrics.reconciled(terminal ? 'terminal' : 'error', durationMs);
    if (phase !== 'stopping') failing.set(key, { key, attempt, terminal, error });
    if (phase === 'stopping') logger?.info(fields, 'reconcile ended by the stop of its controller');
    else if (terminal) logger?.error(fields, 'reconcile failed and is not tried again');
    else logger?.warn(fields, 'reconcile failed and is tried again');
    dispatch(
      terminal
        ? { type: 'gave-up', key }
        : { type: 'failed', key, now: clock.now(), sample: options.random() },
    );
  };

  const schedule = (key: string, ms: number) => {
    if (!(ms >= 0)) {
      throw new StarlingError(
        'internal',
        `Controller ${name} cannot run ${key} after ${ms} ms. Give 0 or more milliseconds.`,
      );
    }
    dispatch({ type: 'schedule', key, dueAt: clock.now() + ms });
  };

  const idle = () =>
    new Promise<void>((resolve) => {
      const { queued, running } = queue.counts;
      if (queued === 0 && running === 0) resolve();
      else waitingForIdle.push(resolve);
    });

  const stop = async (graceMs: number) => {
    phase = 'stopping';
    dispatch({ type: 'stop' });
    const tell = () => abort.abort(new StarlingError('shutting-down', `Controller ${name} is stopping.`));
    const grace = graceMs > 0 && queue.counts.running > 0 ? clock.timer(graceMs, tell) : undefined;
    if (grace === undefined) tell();
    await idle();
    grace?.cancel();
    phase = 'stopped';
    metrics.close();
  };

  return {
    start: () => {
      if (stopped !== undefined) {
        throw new StarlingError(
          'shutting-down',
          `Controller ${name} was stopped and cannot start again. Create a new one.`,
        );
      }
      phase = 'started';
      dispatch({ type: 'start' });
    },
    enqueue: (key) => dispatch({ type: 'enqueue', key }),
    enqueueAfter: schedule,
    idle,
    stop: ({ graceMs = 0 } = {}) => {
      stopped ??= stop(graceMs);
      return stopped;
    },
    get status() {
      return { name, phase, ...queue.counts, failing: [...failing.values()] };
    },
  };
}
