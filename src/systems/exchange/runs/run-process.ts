import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type CapSupport, type Caps, cappedCommand, watchResidentSize } from '../../../kernel/caps/index.js';
import { childProgram } from '../../../kernel/child-program/index.js';
import type { Clock, Timer } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { FromChild, Phase, RunOrder, RunReport, ToChild } from './order.js';

/** What a run's process says on its standard output and error at most; the rest is cut. */
const loggedBytes = 16_384;

/** What one run is given besides its order. */
export interface RunOptions {
  /** Stops the run: its process is killed and `request-cancelled` is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a process was free and takes the order. */
  readonly onStart?: (() => void) | undefined;
  readonly onPhase?: ((phase: Phase['name']) => void) | undefined;
  /**
   * Resolves when nobody waits for the answer any more. Only then does the process end and the next one start, which costs
   * milliseconds that the answer would take longer; at once where orders wait for a process, or where this is absent.
   */
  readonly answered?: Promise<void> | undefined;
  /** Takes the Arrow IPC stream of released rows; the run ends when the stream was taken whole. */
  readonly onRows?: ((rows: Readable) => Promise<void>) | undefined;
}

/** What a pool knows of the machine and needs to start a process. */
export interface RunProcessOptions {
  readonly caps: Caps;
  readonly support: CapSupport;
  readonly clock: Clock;
  /** Called with what only the party itself may read: DuckDB's own words, and what the process printed. */
  readonly onPrivate?: ((text: string) => void) | undefined;
}

/** One child process for one run: it waits, takes an order, answers, and ends. */
export class RunProcess {
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #options: RunProcessOptions;
  #printed = '';
  #residentBytes = 0;
  #verdict: StarlingError | undefined;
  #ended = false;
  #onMessage: (message: FromChild) => void = () => {};

  constructor(options: RunProcessOptions) {
    this.#options = options;
    const program = [
      process.execPath,
      '--max-old-space-size=256',
      childProgram('systems/exchange/runs/child.js'),
    ];
    const { command, args } = cappedCommand(options.support, options.caps, program);
    // an empty environment: nothing of the daemon's own, such as keys, can be asked for
    const env = { PATH: process.env.PATH ?? '' };
    this.#child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        if (this.#printed.length < loggedBytes) this.#printed += bytes.toString('utf8');
      });
    }
    // the end of a stream that nobody reads is never seen, and the process would never count as closed
    this.#child.once('exit', () => (this.#child.stdio[4] as Readable).resume());
    const watchdog = options.support.limits
      ? undefined
      : watchResidentSize(this.#child.pid, options.caps.dataMegabytes, options.clock, () => {
          this.kill(memoryExceeded(options.caps.dataMegabytes));
        });
    this.exited = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#ended = true;
        watchdog?.close();
        if (this.#printed !== '') options.onPrivate?.(this.#printed);
        resolve();
      });
    });
    this.ready = this.#untilReady();
    // whoever takes the process awaits `ready`; one that dies unused is replaced by the pool
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Resident size when it became ready. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  /** Opens a data set ahead of the order that will use it. */
  prepare(database: string | undefined, memoryMegabytes: number): void {
    this.#send({ type: 'prepare', database, memoryMegabytes });
  }

  /** Ends the process at once; the run, if there is one, fails with `why`. */
  kill(why: StarlingError): void {
    this.#verdict ??= why;
    this.#child.kill('SIGKILL');
  }

  /** Ends a process that has run its order. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  /**
   * Runs one order. Resolves when the report is there and the rows, where they are taken, were taken whole; the process
   * is then of no more use, and ends once it is told to. Throws what the run failed with.
   */
  async run(order: RunOrder, options: RunOptions): Promise<RunReport> {
    let outcome: FromChild | undefined;
    const answered = new Promise<void>((resolve) => {
      this.#onMessage = (message) => {
        if (message.type === 'progress') {
          options.onPhase?.(message.phase);
        } else {
          outcome = message;
          resolve();
        }
      };
    });
    const stop = () =>
      this.kill(new StarlingError('request-cancelled', 'The request was cancelled, and its run stopped.'));
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted === true) stop();
    const timer: Timer = this.#options.clock.timer(order.limits.timeMs, () =>
      this.kill(tooLate(order.limits.timeMs)),
    );
    try {
      const rows = this.#child.stdio[4] as Readable;
      const taken = options.onRows?.(rows);
      // a stream that cannot be kept ends the run, and is what the run failed with
      taken?.catch((error: unknown) =>
        this.kill(StarlingError.from(error, 'storage-failed', 'The rows could not be kept')),
      );
      this.#send({ type: 'run', order });
      await Promise.race([answered, this.exited]);
      await taken?.catch(() => undefined);
    } finally {
      timer.cancel();
      options.signal?.removeEventListener('abort', stop);
    }
    if (outcome?.type === 'done' && this.#verdict === undefined) return outcome.report;
    throw this.#failure(outcome, order);
  }

  #failure(outcome: FromChild | undefined, order: RunOrder): StarlingError {
    if (this.#verdict !== undefined) return this.#verdict;
    if (outcome?.type === 'failed') {
      if (outcome.privately !== undefined) this.#options.onPrivate?.(outcome.privately);
      return StarlingError.fromRecord(outcome.error);
    }
    const signal = this.#child.signalCode;
    if (/bad_alloc|out of memory|Cannot allocate memory|allocation failed/i.test(this.#printed)) {
      return memoryExceeded(order.limits.memoryMegabytes);
    }
    if (signal === 'SIGXCPU') return tooLate(order.limits.timeMs);
    const how = signal === null ? `with status ${this.#child.exitCode}` : `by ${signal}`;
    return new StarlingError(
      'run-died',
      `The run's process ended ${how} before it answered. Ask again; if it ends again, tell the provider.`,
    );
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('error', (error) => {
        this.#ended = true;
        reject(
          new StarlingError('run-died', `A run's process could not be started: ${error.message}.`, {
            cause: error,
          }),
        );
      });
      this.#child.on('message', (message: FromChild) => {
        if (message.type === 'ready') {
          this.#residentBytes = message.residentBytes;
          resolve();
        } else {
          this.#onMessage(message);
        }
      });
      this.#child.once('close', () => {
        const died = "A run's process ended before it was ready. The provider's log says why.";
        reject(this.#verdict ?? new StarlingError('run-died', died));
      });
    });
  }

  #send(message: ToChild): void {
    if (!this.#child.connected) return;
    // a process that died takes no message; its end is what the run is told of
    this.#child.send(message, () => {});
  }
}

function tooLate(timeMs: number): StarlingError {
  return new StarlingError(
    'time-limit',
    `The run took longer than its limit of ${timeMs / 1000} s and was stopped. Ask for less, or ask the provider for more time.`,
  );
}

function memoryExceeded(megabytes: number): StarlingError {
  return new StarlingError(
    'memory-limit',
    `The run needed more than its ${megabytes} MB of memory and was stopped. Ask for less at once.`,
  );
}
