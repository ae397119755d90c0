import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { childProgram } from '../../../kernel/child-program/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { InstanceRecord } from '../../service.js';

/** What there is to know of an instance in order to kill it, and nobody else. */
export type WatchedInstance = Pick<InstanceRecord, 'id' | 'pid' | 'processStart'>;

/** What a watchdog is told: all instances, where they have changed, and in how many milliseconds they are to be gone. */
export interface WatchdogWord {
  readonly instances?: readonly WatchedInstance[];
  readonly leftMs: number;
}

/**
 * A process beside a host that kills its instances where the host does not say in time that they may run on: while the host is
 * stopped (SIGSTOP, a debugger) it can kill nothing itself, and its instances would go on when others have taken their place. It
 * kills them as well when the host is gone, also where the system has nothing that ends processes with their parent.
 */
export class Watchdog {
  readonly #logger: Pick<Logger, 'warn' | 'error'>;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #told: readonly WatchedInstance[] | undefined;
  #closed = false;

  constructor(logger: Pick<Logger, 'warn' | 'error'>) {
    this.#logger = logger;
  }

  /** Has these instances killed in `leftMs`, unless this is called again before. It is started with the first instance. */
  watch(records: readonly InstanceRecord[], leftMs: number): void {
    if (this.#closed || (records.length === 0 && this.#child === undefined)) return;
    const child = this.#child ?? this.#start();
    const instances = records.map(({ id, pid, processStart }) => ({
      id,
      ...(pid === undefined ? {} : { pid }),
      ...(processStart === undefined ? {} : { processStart }),
    }));
    const word: WatchdogWord = isDeepStrictEqual(instances, this.#told) ? { leftMs } : { instances, leftMs };
    this.#told = instances;
    child.stdin.write(`${JSON.stringify(word)}\n`);
  }

  /** Ends it; it kills what it knows of before. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
  }

  #start(): ChildProcessByStdio<Writable, Readable, null> {
    const program = childProgram('runtime/hosts/host/watchdog-child.js');
    // a session of its own: what stops the host and its group is not for it
    const child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.#child = child;
    const ended = (how: string) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#told = undefined;
      if (this.#closed) return;
      this.#logger.error(
        { how },
        'the watchdog of instances has ended; another is started with the next report',
      );
    };
    child.once('error', (error) => ended(`it cannot be started: ${error.message}`));
    child.once('exit', (code, name) => ended(name ?? `status ${code}`));
    // a word to one that has ended, which is told by its end
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fields = JSON.parse(line) as { readonly killed: readonly number[] };
      this.#logger.warn(
        fields,
        'instances were killed by the watchdog: the host did not say in time that they count',
      );
    });
    return child;
  }
}
