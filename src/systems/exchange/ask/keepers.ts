import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController } from '../../../kernel/control/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { AnswerFiles } from '../answers/index.js';
import type { RequestStore } from './request-store.js';

/** The longest time that one timer is set for: clocks jump, and a timer of weeks would not notice. */
const longestWaitMs = 3_600_000;

export interface KeepersOptions {
  readonly store: RequestStore;
  readonly files: AnswerFiles;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Ends jobs when their time is over, and removes answers that are no longer kept. */
export class Keepers {
  readonly #options: KeepersOptions;
  readonly #jobs: Controller;
  readonly #answers: Controller;

  constructor(options: KeepersOptions) {
    this.#options = options;
    const { clock, logger } = options;
    const shared = { clock, logger, random: Math.random };
    this.#jobs = createController({ ...shared, name: 'job-expiry', reconcile: (id) => this.#expireJob(id) });
    this.#answers = createController({
      ...shared,
      name: 'answer-expiry',
      reconcile: (id) => this.#removeAnswer(id),
    });
  }

  /** Takes up what was live and kept when the process last stopped. */
  async start(): Promise<void> {
    const { store } = this.#options;
    for (const job of await store.liveJobs()) this.#jobs.enqueue(job.id);
    for (const id of await store.keptRequests()) this.#answers.enqueue(id);
    this.#jobs.start();
    this.#answers.start();
  }

  job(id: string): void {
    this.#jobs.enqueue(id);
  }

  answer(id: string): void {
    this.#answers.enqueue(id);
  }

  async close(): Promise<void> {
    await Promise.all([this.#jobs.stop(), this.#answers.stop()]);
  }

  async #expireJob(id: string) {
    const { store, clock } = this.#options;
    const { job } = await store.job(id);
    if (job.state !== 'live') return undefined;
    const left = job.expiresAt - clock.wallTime();
    if (left > 0) return { requeueAfterMs: Math.min(left, longestWaitMs) };
    await store.changeJob(id, { type: 'expire', at: clock.wallTime() });
    return undefined;
  }

  async #removeAnswer(id: string) {
    const { store, files, clock } = this.#options;
    const record = await store.request(id);
    if (record.answerGone === true) return undefined;
    const left = (record.keptUntil ?? 0) - clock.wallTime();
    if (left > 0) return { requeueAfterMs: Math.min(left, longestWaitMs) };
    await files.remove(id);
    // who answered, who could not and when stays in the record; what was answered does not
    const results = record.results.map(({ providers, computedAt, error }) => ({
      providers,
      computedAt,
      ...(error === undefined ? {} : { error }),
    }));
    await store.answerRemoved({ ...record, results, answerGone: true });
    return undefined;
  }
}
