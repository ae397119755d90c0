import { fileURLToPath } from 'node:url';
import { type Random, whole } from '../../lab/seeded.js';
import type { Accepted } from './history.js';
import { type RunProcess, startProcess } from './processes.js';

const program = fileURLToPath(new URL('../../../dist/systems/tasks/worker/photo-worker.js', import.meta.url));

export interface WorkersOptions {
  readonly run: string;
  readonly url: string;
  readonly count: number;
  readonly onAccepted: (accepted: Accepted) => void;
  readonly onSurprise: (what: string) => void;
}

/** The built-in workers as processes; one that is killed is replaced at once. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #running: RunProcess[] = [];
  #number = 0;

  constructor(options: WorkersOptions) {
    this.#options = options;
    for (let place = 0; place < options.count; place += 1) this.#start(place);
  }

  /** Kills one, and starts another in its place. */
  async kill(random: Random): Promise<void> {
    const place = whole(random, 0, this.#running.length);
    const worker = this.#running[place];
    this.#start(place);
    worker?.child.kill('SIGKILL');
    await worker?.ended;
  }

  /** Lets one stand still; returns what lets it go on. */
  halt(random: Random): () => void {
    const worker = this.#running[whole(random, 0, this.#running.length)];
    worker?.child.kill('SIGSTOP');
    return () => worker?.child.kill('SIGCONT');
  }

  /** Ends all as an operator would. */
  async stop(): Promise<void> {
    for (const { child, ended } of this.#running.splice(0)) {
      child.kill('SIGTERM');
      const how = await ended;
      if (how !== '0') this.#options.onSurprise(`a worker that was told to stop ended with ${how}`);
    }
  }

  #start(place: number): void {
    const { run, url, onAccepted, onSurprise } = this.#options;
    const worker = `worker-${++this.#number}`;
    const environment = { STARLING_URL: url, STARLING_INSTANCE: worker };
    const started = startProcess(run, [program], environment, (line) => {
      const { message, task } = lineOf(line);
      if (message === 'a task is done' && task !== undefined) onAccepted({ worker, task });
    });
    this.#running[place] = started;
    started.ended.then(
      (how) => {
        if (this.#running.includes(started)) onSurprise(`${worker} ended by itself with ${how}`);
      },
      (error: unknown) => onSurprise(String(error)),
    );
  }
}

/** What a worker said; a kill may cut its last line, and not all lines are JSON. */
function lineOf(line: string): { readonly message?: string; readonly task?: string } {
  if (!line.startsWith('{') || !line.endsWith('}')) return {};
  return JSON.parse(line) as { message?: string; task?: string };
}
