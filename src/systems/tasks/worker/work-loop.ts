import type { Clock, Timer } from '../../../kernel/clock/index.js';
import { type ErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { Work, WorkerContract } from './contract.js';

/** Seconds that a request for tasks stays open. */
const waitSeconds = 20;
/** Before the gateway is asked again after it did not answer, in milliseconds. */
const pauseMs = 1_000;

/** What the file itself is to blame for: another attempt would come out the same. */
const final: ReadonlySet<ErrorCode> = new Set(['input-invalid', 'input-too-large', 'blob-damaged']);

export interface WorkLoopOptions {
  readonly contract: WorkerContract;
  /** Makes the result of an original. Throws `input-invalid` and the like where the file is to blame. */
  readonly process: (
    original: { readonly bytes: Uint8Array; readonly mediaType: string },
    filter: Work['filter'],
  ) => Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** Tasks that are worked on at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly logger: {
    info(fields: Readonly<Record<string, unknown>>, message: string): void;
    warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  };
  /** Stops taking; what is worked on is finished. */
  readonly stopping: AbortSignal;
}

/** Takes tasks and works on them, until `stopping`; resolves when what was taken then is finished. */
export async function workLoop(options: WorkLoopOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.concurrency }, () => oneAfterTheOther(options)));
}

async function oneAfterTheOther(options: WorkLoopOptions): Promise<void> {
  const { contract, stopping, clock, logger } = options;
  while (!stopping.aborted) {
    let works: readonly Work[];
    try {
      works = await contract.take(1, waitSeconds, stopping);
    } catch (thrown) {
      if (stopping.aborted) return;
      const error = StarlingError.from(thrown, 'gateway-unreachable');
      logger.warn({ code: error.code, message: error.message }, 'no tasks could be had');
      await pause(clock, stopping);
      continue;
    }
    for (const work of works) await workOn(work, options);
  }
}

async function workOn(work: Work, options: WorkLoopOptions): Promise<void> {
  const { contract, process, logger, clock } = options;
  const lost = new AbortController();
  const alive = keepAlive(work, contract, clock, (error) => lost.abort(error));
  try {
    const bytes = await contract.original(work, lost.signal);
    const result = await process({ bytes, mediaType: work.original.mediaType }, work.filter);
    lost.signal.throwIfAborted();
    await contract.complete(work, result);
    logger.info(
      { task: work.id, filter: work.filter.name, bytes: result.bytes.byteLength },
      'a task is done',
    );
  } catch (thrown) {
    await report(
      work,
      StarlingError.from(lost.signal.aborted ? lost.signal.reason : thrown, 'run-failed'),
      options,
    );
  } finally {
    alive.cancel();
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

/** Says that the worker is there, three times in the time of a lease; `onLost` where somebody else has the task. */
function keepAlive(
  work: Work,
  contract: WorkerContract,
  clock: Clock,
  onLost: (error: StarlingError) => void,
): Timer {
  let timer: Timer | undefined;
  let cancelled = false;
  const next = () => {
    timer = clock.timer((work.leaseSeconds * 1000) / 3, () => {
      contract.extend(work).then(
        () => {
          if (!cancelled) next();
        },
        (thrown: unknown) => {
          const error = StarlingError.from(thrown, 'gateway-unreachable');
          if (error.code === 'lease-lapsed') onLost(error);
          else if (!cancelled) next();
        },
      );
    });
  };
  next();
  return {
    cancel: () => {
      cancelled = true;
      timer?.cancel();
    },
  };
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.timer(pauseMs, done);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
