import { type Clock, rest, type Timer } from '../../../kernel/clock/index.js';
import { type ErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { Work, WorkerContract } from './contract.js';

/** Seconds that a request for tasks stays open. */
const waitSeconds = 20;
/** Before the gateway is asked again after it did not answer, in milliseconds. */
const pauseMs = 1_000;
/** Results of one place of work that are handed in at once, so that they share the syncs of the gateway's disk. */
const handInsAtOnce = 2;
/** A task is taken ahead where the one before took no longer, in milliseconds: so long it may wait while others are idle. */
const quickMs = 1_000;

/** What the file itself is to blame for: another attempt would come out the same. */
const final: ReadonlySet<ErrorCode> = new Set(['input-invalid', 'input-too-large', 'blob-damaged']);

export interface WorkLoopOptions {
  readonly contract: WorkerContract;
  /** Makes the result of an original. Throws `input-invalid` and the like where the file is to blame. */
  readonly process: (
    original: { readonly bytes: Uint8Array; readonly mediaType: string },
    filter: Work['filter'],
  ) => Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** Tasks that are worked on at once; as many again may be under a lease ahead, and be handed in. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly logger: {
    info(fields: Readonly<Record<string, unknown>>, message: string): void;
    warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  };
  /** Stops taking; what is worked on is finished. */
  readonly stopping: AbortSignal;
}

/** A task that was taken, and whose file is on its way. */
interface Taken {
  readonly work: Work;
  readonly original: Promise<Uint8Array>;
  /** On the monotonic clock. */
  readonly at: number;
  /** Aborted where somebody else has the task by now. */
  readonly lost: AbortController;
}

/** Takes tasks and works on them, until `stopping`; resolves when what was taken then is finished. */
export async function workLoop(options: WorkLoopOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.concurrency }, () => oneAfterTheOther(options)));
}

/**
 * Works on one task at a time. Beside it the results of those before are handed in, and, while tasks are quick, the next
 * one is taken, so that the work waits neither for the gateway nor for its disk.
 */
async function oneAfterTheOther(options: WorkLoopOptions): Promise<void> {
  const { stopping, clock } = options;
  let ahead: Promise<Taken | undefined> | undefined;
  const handingIn = new Set<Promise<void>>();
  let isQuick = false;
  for (;;) {
    const taken = await (ahead ?? take(options, waitSeconds));
    ahead = undefined;
    if (taken === undefined) {
      if (stopping.aborted) break;
      continue;
    }
    // what an earlier worker may not have survived is worked on alone, so that it takes no other task with it
    if (taken.work.attempt > 1) await Promise.all(handingIn);
    else if (isQuick) ahead = take(options, 0);
    const began = clock.now();
    const handIn = await workOn(taken, options);
    isQuick = clock.now() - began <= quickMs;
    if (handingIn.size === handInsAtOnce) await Promise.race(handingIn);
    const handed = handIn().finally(() => handingIn.delete(handed));
    handingIn.add(handed);
  }
  await Promise.all(handingIn);
}

/** The next task; undefined where there is none, or the gateway does not answer. */
async function take(options: WorkLoopOptions, seconds: number): Promise<Taken | undefined> {
  const { contract, stopping, clock, logger } = options;
  if (stopping.aborted) return undefined;
  try {
    const [work] = await contract.take(1, seconds, stopping);
    if (work === undefined) return undefined;
    const lost = new AbortController();
    const original = contract.original(work, lost.signal);
    // heard when the task is worked on
    original.catch(() => undefined);
    return { work, original, at: clock.now(), lost };
  } catch (thrown) {
    if (stopping.aborted) return undefined;
    const error = StarlingError.from(thrown, 'gateway-unreachable');
    logger.warn({ code: error.code, message: error.message }, 'no tasks could be had');
    await rest(pauseMs, clock, stopping);
    return undefined;
  }
}

/** Works on a task. What it gives hands in the result, or the reason why there is none, and never rejects. */
async function workOn(taken: Taken, options: WorkLoopOptions): Promise<() => Promise<void>> {
  const { contract, process, logger } = options;
  const { work, lost } = taken;
  const alive = keepAlive(taken, options);
  const handIn = async (complete: () => Promise<void>) => {
    try {
      lost.signal.throwIfAborted();
      await complete();
    } catch (thrown) {
      const reason = lost.signal.aborted ? lost.signal.reason : thrown;
      await report(work, StarlingError.from(reason, 'run-failed'), options);
    } finally {
      alive.cancel();
    }
  };
  try {
    const bytes = await taken.original;
    const result = await process({ bytes, mediaType: work.original.mediaType }, work.filter);
    return () =>
      handIn(async () => {
        await contract.complete(work, result);
        const fields = { task: work.id, filter: work.filter.name, bytes: result.bytes.byteLength };
        logger.info(fields, 'a task is done');
      });
  } catch (thrown) {
    return () => handIn(() => Promise.reject(thrown));
  }
}

async function report(
  work: Work,
  error: StarlingError,
  { contract, logger }: WorkLoopOptions,
): Promise<void> {
  const fields = { task: work.id, code: error.code, message: error.message };
  if (error.code === 'lease-lapsed') {
    logger.warn(fields, 'a task was lost to another worker');
    return;
  }
  logger.warn(fields, 'a task failed');
  try {
    await contract.fail(work, error.toRecord(), !final.has(error.code));
  } catch (thrown) {
    // nobody can be told: the lease lapses, and another takes over
    const untold = StarlingError.from(thrown, 'gateway-unreachable');
    logger.warn({ ...fields, untold: untold.message }, 'a failure could not be reported');
  }
}

/** Says that the worker is there, three times in the time of a lease, from when the task is worked on. */
function keepAlive({ work, at, lost }: Taken, { contract, clock }: WorkLoopOptions): Timer {
  const thirdMs = (work.leaseSeconds * 1000) / 3;
  let timer: Timer | undefined;
  let cancelled = false;
  const next = (ms: number) => {
    timer = clock.timer(ms, () => {
      contract.extend(work).then(
        () => {
          if (!cancelled) next(thirdMs);
        },
        (thrown: unknown) => {
          const error = StarlingError.from(thrown, 'gateway-unreachable');
          if (error.code === 'lease-lapsed') lost.abort(error);
          else if (!cancelled) next(thirdMs);
        },
      );
    });
  };
  next(Math.max(0, at + thirdMs - clock.now()));
  return {
    cancel: () => {
      cancelled = true;
      timer?.cancel();
    },
  };
}
