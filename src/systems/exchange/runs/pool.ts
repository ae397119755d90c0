import type { CapSupport } from '../../../kernel/caps/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { RunOrder, RunReport } from './order.js';
import type { PoolSizes } from './pool-sizes.js';
import { type RunOptions, RunProcess } from './run-process.js';

/** What Node and DuckDB need besides the data that a statement works on. */
const baseMegabytes = 500;
/** Threads of Node, of DuckDB, and some to spare. */
const processes = 64;

export interface PoolOptions {
  readonly party: string;
  readonly sizes: PoolSizes;
  readonly support: CapSupport;
  readonly clock: Clock;
  /** The file that the next run will most likely use; opened while the process waits. */
  readonly likelyDatabase: () => string | undefined;
  /** The memory that the next run will most likely be given. */
  readonly likelyMemoryMegabytes: number;
  readonly onPrivate?: (text: string) => void;
}

/** Figures of a pool at one moment, and since it was opened. */
export interface PoolStatus {
  readonly warm: number;
  readonly working: number;
  readonly waiting: number;
  readonly max: number;
  readonly queue: number;
  readonly finished: number;
  readonly refused: number;
  /** Resident size of a process that waits, as last seen. */
  readonly residentBytes: number;
}

/**
 * A party's runs: a few processes kept warm, each used once. Where all are taken, orders wait in a bounded queue, and
 * past that they are refused at once, so that a flood is told rather than piled up.
 */
export class RunPool {
  readonly #options: PoolOptions;
  readonly #idle: RunProcess[] = [];
  readonly #waiting: ((next: RunProcess | StarlingError) => void)[] = [];
  readonly #all = new Set<RunProcess>();
  /** Processes that have run their order, and are to end when its answer is made. */
  readonly #used = new Set<RunProcess>();
  #working = 0;
  #finished = 0;
  #refused = 0;
  #residentBytes = 0;
  #closed = false;
  /** Processes that ended before they were ready, in a row: past a few the machine cannot start any. */
  #failedStarts = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts the warm processes; resolves when they are ready. */
  async start(): Promise<void> {
    while (!this.#closed && this.#all.size < this.#options.sizes.warm) this.#spawn();
    await Promise.all([...this.#all].map((one) => one.ready));
  }

  /** Has the processes that wait open the file that is now the likely one. */
  prepareIdle(): void {
    for (const one of this.#idle) this.#prepare(one);
  }

  /** Runs one order in a process of its own. Throws `pool-exhausted` where too many wait already. */
  async run(order: RunOrder, options: RunOptions = {}): Promise<RunReport> {
    const one = await this.#take(options.signal);
    options.onStart?.();
    try {
      return await one.run(order, options);
    } finally {
      this.#working -= 1;
      this.#finished += 1;
      // the end of the used one starts the next
      if (options.answered === undefined || this.#waiting.length > 0) {
        one.end();
      } else {
        this.#used.add(one);
        void options.answered.then(() => one.end());
      }
    }
  }

  status(): PoolStatus {
    const { max, queue } = this.#options.sizes;
    return {
      warm: this.#idle.length,
      working: this.#working,
      waiting: this.#waiting.length,
      max,
      queue,
      finished: this.#finished,
      refused: this.#refused,
      residentBytes: this.#residentBytes,
    };
  }

  /** Process ids of the warm processes: what a figure of memory is measured on. */
  warmProcesses(): number[] {
    return this.#idle.flatMap((one) => one.pid ?? []);
  }

  /** Stops every process; runs that are at work fail with `shutting-down`. */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = new StarlingError(
      'shutting-down',
      `The agent of ${this.#options.party} is stopping. Ask again later.`,
    );
    for (const next of this.#waiting.splice(0)) next(stopped);
    const all = [...this.#all];
    for (const one of all) one.kill(stopped);
    await Promise.all(all.map((one) => one.exited));
  }

  /** A free process, counted as working from the moment that it is promised. */
  async #take(signal: AbortSignal | undefined): Promise<RunProcess> {
    const { party, sizes } = this.#options;
    if (this.#closed)
      throw new StarlingError('shutting-down', `The agent of ${party} is stopping. Ask again later.`);
    if (signal?.aborted === true) throw cancelledWaiting();
    const idle = this.#idle.shift();
    if (idle !== undefined) {
      this.#working += 1;
      return idle;
    }
    // those who wait for a process that is only starting are served as soon as it is there, and do not count as a queue
    if (this.#waiting.length + this.#working >= sizes.max + sizes.queue) {
      this.#refused += 1;
      throw new StarlingError(
        'pool-exhausted',
        `All ${sizes.max} runs of ${party} are taken and ${sizes.queue} more requests wait. Ask again in a moment.`,
        {
          details: { party, max: sizes.max, queue: sizes.queue, retryAfterSeconds: 1 },
        },
      );
    }
    const next = await new Promise<RunProcess | StarlingError>((resolve) => {
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', () => this.#forget(resolve), { once: true });
      // one order may take several runs, one after the other: the next does not wait for the end of the order
      for (const used of this.#used) used.end();
      this.#refill();
    });
    if (next instanceof StarlingError) throw next;
    return next;
  }

  #forget(resolve: (next: RunProcess | StarlingError) => void): void {
    const position = this.#waiting.indexOf(resolve);
    if (position < 0) return;
    this.#waiting.splice(position, 1);
    resolve(cancelledWaiting());
  }

  #refill(): void {
    if (this.#closed) return;
    const { warm, max } = this.#options.sizes;
    const starting = this.#all.size - this.#working - this.#idle.length - this.#used.size;
    const wanted = Math.max(warm, this.#waiting.length);
    for (let more = wanted - this.#idle.length - starting; more > 0 && this.#all.size < max; more -= 1)
      this.#spawn();
  }

  #spawn(): void {
    const { sizes, support, clock, onPrivate } = this.#options;
    const one = new RunProcess({
      caps: {
        dataMegabytes: sizes.memoryMegabytes + baseMegabytes,
        cpuSeconds: sizes.timeSeconds * 4,
        processes,
        fileMegabytes: 0,
        noNetwork: true,
      },
      support,
      clock,
      onPrivate,
    });
    this.#all.add(one);
    this.#prepare(one);
    const gone = () => {
      this.#all.delete(one);
      this.#used.delete(one);
      const position = this.#idle.indexOf(one);
      if (position >= 0) this.#idle.splice(position, 1);
      this.#refill();
    };
    one.ready.then(
      () => {
        this.#failedStarts = 0;
        this.#residentBytes = one.residentBytes;
        void one.exited.then(gone);
        this.#offer(one);
      },
      (error: unknown) => this.#failedToStart(one, StarlingError.from(error), gone),
    );
  }

  #prepare(one: RunProcess): void {
    const { likelyDatabase, likelyMemoryMegabytes, sizes } = this.#options;
    one.prepare(likelyDatabase(), Math.min(likelyMemoryMegabytes, sizes.memoryMegabytes));
  }

  #offer(one: RunProcess): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#idle.push(one);
      return;
    }
    this.#working += 1;
    next(one);
  }

  #failedToStart(one: RunProcess, error: StarlingError, gone: () => void): void {
    this.#failedStarts += 1;
    if (this.#failedStarts < 3) {
      gone();
      return;
    }
    // no more attempts until somebody asks again: a loop of dying processes helps nobody
    this.#all.delete(one);
    for (const next of this.#waiting.splice(0)) next(error);
    this.#failedStarts = 0;
  }
}

function cancelledWaiting(): StarlingError {
  return new StarlingError('request-cancelled', 'The request was cancelled while it waited for a run.');
}
