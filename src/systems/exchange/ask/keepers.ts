import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController, type Follower } from '../../../kernel/control/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { AnswerStore } from '../answers/index.js';
import type { GatewayEntries } from './gateway-entries.js';
import type { RequestRecord } from './request-record.js';
import type { RequestStore } from './request-store.js';

/** The longest time that one timer is set for: clocks jump, and a timer of weeks would not notice. */
const longestWaitMs = 3_600_000;

export interface KeepersOptions {
  readonly store: RequestStore;
  readonly answers: AnswerStore;
  readonly entries: Pick<GatewayEntries, 'answerErased'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How long records of requests are kept, in milliseconds. */
  readonly keepRecordsMs: number;
}

/** How often old records are looked for. */
const sweepMs = 3_600_000;

/**
 * Ends jobs when their time is over, and removes answers and records that are no longer kept. Several gateways may do so at
 * once: nothing comes of the second time.
 */
export class Keepers {
  readonly #options: KeepersOptions;
  readonly #jobs: Controller;
  readonly #answers: Controller;
  readonly #records: Controller;
  #kept: Follower | undefined;

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
    this.#records = createController({
      ...shared,
      name: 'record-expiry',
      reconcile: () => this.#removeRecords(),
    });
  }

  /** Takes up every answer that is kept, whichever gateway gave it; jobs are told of by `job`. */
  async start(): Promise<void> {
    const { store, logger } = this.#options;
    this.#kept = await store.followKept(
      (id) => this.#answers.enqueue(id),
      (error) => logger.error({ err: error }, 'answers that are kept are not followed any more'),
    );
    this.#jobs.start();
    this.#records.enqueue('records');
    this.#answers.start();
    this.#records.start();
  }

  /** Takes up a job that is live. */
  job(id: string): void {
    this.#jobs.enqueue(id);
  }

  /** Erases an answer at once, where there is one; the record keeps that it was, when, and for whom. */
  async erase(id: string, by: string | undefined): Promise<RequestRecord> {
    const { store, entries, clock } = this.#options;
    const record = await store.request(id);
    if (record.state !== 'answered' || record.answerGone === true) return record;
    const erased = { at: clock.wallTime(), ...(by === undefined ? {} : { by }) };
    await entries.answerErased(record, by);
    return this.#withoutAnswer({ ...record, erased });
  }

  async close(): Promise<void> {
    await this.#kept?.close();
    await Promise.all([this.#jobs.stop(), this.#answers.stop(), this.#records.stop()]);
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
    const { store, clock } = this.#options;
    const record = await store.find(id);
    if (record === undefined || record.answerGone === true) return undefined;
    const left = (record.keptUntil ?? 0) - clock.wallTime();
    if (left > 0) return { requeueAfterMs: Math.min(left, longestWaitMs) };
    await this.#withoutAnswer(record);
    return undefined;
  }

  async #withoutAnswer(record: RequestRecord): Promise<RequestRecord> {
    const { store, answers } = this.#options;
    await answers.remove(record.id);
    // who answered, who could not and when stays in the record; what was answered does not
    const results = record.results.map(({ providers, computedAt, error }) => ({
      providers,
      computedAt,
      ...(error === undefined ? {} : { error }),
    }));
    const removed = { ...record, results, answerGone: true };
    await store.answerRemoved(removed);
    return removed;
  }

  /** Records go with all that is kept of their request; a job goes with the last of them. */
  async #removeRecords() {
    const { store, answers, clock, keepRecordsMs } = this.#options;
    for await (const record of store.requestsUpTo(clock.wallTime() - keepRecordsMs)) {
      if (record.state === 'running') continue;
      await answers.remove(record.id);
      await store.forget(record);
    }
    return { requeueAfterMs: sweepMs };
  }
}
