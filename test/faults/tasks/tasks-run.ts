import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Injected } from '../../lab/outages.js';
import { type Random, seeded } from '../../lab/seeded.js';
import { freePort } from '../../operation/free-port.js';
import { Daemon } from './daemon.js';
import { type Fault, faultScript } from './fault-script.js';
import { downloadHash, followProgress, listTasks, readProgress, readQueue } from './gateway-client.js';
import type { Accepted, History, SeenTask } from './history.js';
import { madeFiles } from './made-files.js';
import { processesOf } from './processes.js';
import type { TasksSettings } from './settings.js';
import { uploadAll } from './uploader.js';
import { Workers } from './workers.js';

/** When what happened, beside a history, in milliseconds of the machine's monotonic clock. */
export interface Times {
  /** Of each operation. */
  readonly operatedAt: readonly number[];
  readonly faults: readonly Injected[];
  readonly totalMs: number;
}

/** Runs it all, and ends every process and removes every file that it made. */
export async function recordTasks(settings: TasksSettings): Promise<{ history: History; times: Times }> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
  try {
    return await new TasksRun(settings, folder, await freePort()).run();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class TasksRun {
  readonly #settings: TasksSettings;
  readonly #folder: string;
  readonly #id = randomUUID();
  readonly #random: Random;
  readonly #faults: readonly Fault[];
  readonly #daemon: Daemon;
  readonly #workers: Workers;
  readonly #uploaded: { readonly name: string; readonly task: string }[] = [];
  readonly #accepted: Accepted[] = [];
  readonly #listings: SeenTask[][] = [];
  readonly #surprises: string[] = [];
  readonly #injected: Injected[] = [];
  readonly #operatedAt: number[] = [];
  readonly #began = monotonicMs();
  readonly #allEnded: Promise<void>;
  #end: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  #ended = 0;
  #next = 0;
  /** Faults come one after the other. */
  #faulting: Promise<void> = Promise.resolve();
  readonly #halted: Promise<void>[] = [];

  constructor(settings: TasksSettings, folder: string, port: number) {
    const { seed, tasks, workers, faults, leaseMs } = settings;
    this.#settings = settings;
    this.#allEnded = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    this.#folder = folder;
    this.#random = seeded(seed);
    this.#faults = faultScript(this.#random, faults, 2 * tasks);
    const onSurprise = (what: string) => void this.#surprises.push(what);
    this.#daemon = new Daemon({ run: this.#id, folder, port, leaseMs, onSurprise });
    const onAccepted = (accepted: Accepted) => void this.#accepted.push(accepted);
    const { url } = this.#daemon;
    this.#workers = new Workers({ run: this.#id, url, count: workers, onAccepted, onSurprise });
  }

  async run(): Promise<{ history: History; times: Times }> {
    const files = await madeFiles(seeded(this.#settings.seed + 1), this.#settings.tasks);
    const stop = new AbortController();
    const following = followProgress(this.#daemon, stop.signal, ({ ended }) => this.#progressed(ended));
    try {
      const uploading = uploadAll(files, this.#daemon, (one) => {
        this.#uploaded.push(one);
        this.#operated();
      });
      await Promise.race([Promise.all([uploading, this.#allEnded]), following]);
      await this.#faulting;
      await Promise.all(this.#halted);
    } catch (error) {
      // what went wrong is told, and no process is left of it
      await Promise.allSettled([this.#faulting, this.#daemon.stop()]);
      throw error;
    } finally {
      stop.abort();
      await Promise.allSettled([following]);
      await this.#workers.stop();
    }
    const totalMs = monotonicMs() - this.#began;
    const history = await this.#history(files.map(({ bytes: _, ...file }) => file));
    return { history, times: { operatedAt: this.#operatedAt, faults: this.#injected, totalMs } };
  }

  get #operations(): number {
    return this.#uploaded.length + this.#ended;
  }

  #progressed(ended: number): void {
    if (ended <= this.#ended) return;
    this.#ended = ended;
    this.#operated();
    if (ended >= this.#settings.tasks) this.#end?.resolve();
  }

  #operated(): void {
    this.#operatedAt.push(monotonicMs());
    for (let fault = this.#faults[this.#next]; fault !== undefined; fault = this.#faults[this.#next]) {
      if (fault.after > this.#operations) return;
      this.#next += 1;
      const due = fault;
      this.#faulting = this.#faulting.then(() => this.#commit(due));
      this.#faulting.catch((error: unknown) => this.#end?.reject(error));
    }
  }

  async #commit({ kind, delayMs }: Fault): Promise<void> {
    await wait(delayMs);
    const from = monotonicMs();
    if (kind === 'kill worker') await this.#workers.kill(this.#random);
    if (kind === 'stop worker') {
      const goOn = this.#workers.halt(this.#random);
      this.#halted.push(wait(1.5 * this.#settings.leaseMs).then(goOn));
    }
    if (kind === 'kill daemon') await this.#daemon.killAndStart();
    if (kind === 'restart daemon') await this.#daemon.restart();
    this.#injected.push({ kind, target: kind.split(' ')[1] ?? '', from, to: monotonicMs() });
    if (kind.endsWith('daemon')) await this.#list();
  }

  async #list(): Promise<void> {
    const [done, failed] = [await listTasks(this.#daemon, 'done'), await listTasks(this.#daemon, 'failed')];
    this.#listings.push([...done, ...failed]);
  }

  async #history(files: History['files']): Promise<History> {
    const daemon = this.#daemon;
    // what was broken off is put right by the next start
    await daemon.restart();
    const final = await listTasks(daemon);
    const [progress, queue] = [await readProgress(daemon), await readQueue(daemon)];
    const downloads = new Map<string, string>();
    for (const { id, state } of final)
      if (state === 'done') downloads.set(id, await downloadHash(daemon, id));
    await daemon.stop();
    const names = await readdir(join(this.#folder, 'blobs', 'files'), { recursive: true });
    return {
      files,
      uploaded: this.#uploaded,
      accepted: this.#accepted,
      listings: this.#listings,
      final,
      progress,
      queue,
      blobs: names.filter((name) => name.includes('/')).map((name) => basename(name)),
      downloads,
      orphans: await processesOf(this.#id),
      surprises: this.#surprises,
    };
  }
}
