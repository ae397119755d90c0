import { StarlingError } from '../../../kernel/errors/index.js';
import type { Comparison, Json, State } from '../../../kernel/state/index.js';
import { applyJob, type Job, type JobCommand } from '../job/index.js';
import { requestId } from './request-id.js';
import type { RequestRecord } from './request-record.js';

const requests = '/exchange/requests/';
const jobs = '/exchange/jobs/';
/** Requests that have not ended: what a restart has to close. */
const running = '/exchange/running/';
/** Requests whose answer is kept: what a restart has to remove in time. */
const kept = '/exchange/kept/';
/** Requests of a job, by job and request. */
const ofJob = '/exchange/job-requests/';

/** A record as JSON: what is `undefined` is left out. */
function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** What an answer rests on at one moment. */
export interface AnswerGround {
  /** Why the answer may not go out, by its job as it is. */
  readonly against: (job: Job) => StarlingError | undefined;
  /** What has to hold when the answer is written, so that `against` still says the same. */
  readonly condition?: Comparison;
}

/** Jobs of older versions do not say how often they were composed: that was once. */
function storedJob(value: Json): Job {
  const job = value as unknown as Omit<Job, 'revision'> & Partial<Job>;
  return { ...job, revision: job.revision ?? 1 };
}

/** Requests and jobs in the state store; every method is one atomic, synced write or one read. */
export class RequestStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** A request that was refused, which has ended as it begins. Throws `revision-conflict` where its id is taken. */
  async refused(record: RequestRecord): Promise<void> {
    await this.#state.put(requests + record.id, json(record), { ifRevision: 0 });
  }

  /**
   * A request that begins, with the job that it makes (`jobRevision` 0) or follows up (at the revision it was read). Where
   * another question of the job came between, it is asked after that one. Throws `revision-conflict`, and writes nothing,
   * where the job was composed anew meanwhile or the id of the request is taken, and `job-ended`.
   */
  async begun(record: RequestRecord, job: Job, jobRevision: number): Promise<void> {
    for (let asked = { job, revision: jobRevision }; ; asked = await this.#askedAfter(record, asked)) {
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: jobs + job.id, modRevision: asked.revision },
          { key: requests + record.id, exists: false },
        ],
        success: [
          { put: requests + record.id, value: json(record) },
          { put: running + record.id, value: true },
          { put: `${ofJob}${job.id}/${record.id}`, value: true },
          { put: jobs + job.id, value: json(asked.job) },
        ],
      });
      if (succeeded) return;
    }
  }

  /**
   * A request that was answered. `look` says what the answer has to hold to: where `against` tells why it may not go out,
   * nothing is written and that is returned. Else the job is as `against` saw it, and `condition` holds, as it is written.
   */
  async answered(
    record: RequestRecord,
    look: () => Promise<AnswerGround>,
  ): Promise<StarlingError | undefined> {
    const { job: jobId = '', endedAt: at = record.receivedAt } = record;
    for (;;) {
      const { against, condition } = await look();
      const { job, revision } = await this.job(jobId);
      const refusal = against(job);
      if (refusal !== undefined) return refusal;
      const { job: after } = applyJob(job, { type: 'answered', at, question: record.id });
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: jobs + jobId, modRevision: revision },
          ...(condition === undefined ? [] : [condition]),
        ],
        success: [
          { put: requests + record.id, value: json(record) },
          { delete: running + record.id },
          { put: kept + record.id, value: record.keptUntil ?? at },
          { put: jobs + jobId, value: json(after) },
        ],
      });
      if (succeeded) return undefined;
    }
  }

  /**
   * A request that has ended without an answer, for `cause`: its question in the job is closed, where there is one; also
   * of a job that has ended by then.
   */
  async failed(record: RequestRecord, cause: string): Promise<void> {
    const { id, job: jobId, endedAt: at = record.receivedAt } = record;
    for (;;) {
      const entry = jobId === undefined ? undefined : await this.#state.get(jobs + jobId);
      const before = entry === undefined ? undefined : storedJob(entry.value);
      const open = before?.openQuestions.includes(id) === true;
      const job = open ? applyJob(before, { type: 'failed', at, question: id, cause }).job : undefined;
      const { succeeded } = await this.#state.transaction({
        compare: entry === undefined ? [] : [{ key: entry.key, modRevision: entry.modRevision }],
        success: [
          { put: requests + id, value: json(record) },
          { delete: running + id },
          ...(job === undefined ? [] : [{ put: jobs + job.id, value: json(job) }]),
        ],
      });
      if (succeeded) return;
    }
  }

  /** A request; `undefined` where there is none, or none any more. */
  async find(id: string): Promise<RequestRecord | undefined> {
    const entry = await this.#state.get(requests + id);
    return entry === undefined ? undefined : (entry.value as unknown as RequestRecord);
  }

  async request(id: string): Promise<RequestRecord> {
    const record = await this.find(id);
    if (record === undefined) {
      throw new StarlingError(
        'not-found',
        `There is no request ${id}. "starling requests" lists those there are.`,
      );
    }
    return record;
  }

  async job(id: string): Promise<{ job: Job; revision: number }> {
    const entry = await this.#state.get(jobs + id);
    if (entry === undefined) {
      throw new StarlingError('not-found', `There is no job ${id}. "starling jobs" lists those there are.`);
    }
    return { job: storedJob(entry.value), revision: entry.modRevision };
  }

  /**
   * Applies a command, or what `command` decides of the job as it is, until nobody else has changed it meanwhile;
   * `undefined` leaves it as it is.
   */
  async changeJob(id: string, command: JobCommand | ((job: Job) => JobCommand | undefined)): Promise<Job> {
    for (;;) {
      const { job, revision } = await this.job(id);
      const decided = typeof command === 'function' ? command(job) : command;
      if (decided === undefined) return job;
      const { job: changed } = applyJob(job, decided);
      if (changed === job) return job;
      const { succeeded } = await this.#state.transaction({
        compare: [{ key: jobs + id, modRevision: revision }],
        success: [{ put: jobs + id, value: json(changed) }],
      });
      if (succeeded) return changed;
    }
  }

  /** The answer of a request is no longer kept; without effect where the record itself is gone by then. */
  async answerRemoved(record: RequestRecord): Promise<void> {
    await this.#state.transaction({
      compare: [{ key: requests + record.id, exists: true }],
      success: [{ put: requests + record.id, value: json(record) }, { delete: kept + record.id }],
    });
  }

  /** Requests that were received until a time, in milliseconds since 1970; newest first. */
  async *requestsUpTo(time: number): AsyncGenerator<RequestRecord> {
    // ids of later requests sort before those of earlier ones
    for (let after: string | undefined = requestId(time + 1, 'ffff'); after !== undefined; ) {
      const page: { items: RequestRecord[]; next?: string } = await this.listRequests(200, after);
      yield* page.items;
      after = page.next;
    }
  }

  /** Removes all that is kept of a request that has ended; its job too, where that has ended and has no other. */
  async forget(record: RequestRecord): Promise<void> {
    const { id, job: jobId } = record;
    await this.#state.transaction({
      compare: [],
      success: [
        { delete: requests + id },
        { delete: kept + id },
        ...(jobId === undefined ? [] : [{ delete: `${ofJob}${jobId}/${id}` }]),
      ],
    });
    if (jobId === undefined || (await this.requestsOfJob(jobId)).length > 0) return;
    const entry = await this.#state.get(jobs + jobId);
    if (entry === undefined || storedJob(entry.value).state === 'live') return;
    await this.#state.transaction({
      compare: [{ key: entry.key, modRevision: entry.modRevision }],
      success: [{ delete: entry.key }],
    });
  }

  async listRequests(limit: number, after?: string): Promise<{ items: RequestRecord[]; next?: string }> {
    return this.#list<RequestRecord>(requests, limit, after);
  }

  async listJobs(limit: number, after?: string): Promise<{ items: Job[]; next?: string }> {
    const page = await this.#list<Json>(jobs, limit, after);
    return { ...page, items: page.items.map(storedJob) };
  }

  async requestsOfJob(jobId: string): Promise<string[]> {
    return this.#names(`${ofJob}${jobId}/`);
  }

  /** Ids of requests that had not ended when the store was last closed. */
  async runningRequests(): Promise<string[]> {
    return this.#names(running);
  }

  /** Ids of requests whose answer is kept. */
  async keptRequests(): Promise<string[]> {
    return this.#names(kept);
  }

  async liveJobs(): Promise<Job[]> {
    const live: Job[] = [];
    for (let after: string | undefined; ; ) {
      const page = await this.listJobs(500, after);
      live.push(...page.items.filter((job) => job.state === 'live'));
      if (page.next === undefined) return live;
      after = page.next;
    }
  }

  async #askedAfter(
    record: RequestRecord,
    before: { job: Job; revision: number },
  ): Promise<{ job: Job; revision: number }> {
    const { id, composition } = before.job;
    const taken = (await this.#state.get(requests + record.id)) !== undefined;
    const now = before.revision === 0 || taken ? undefined : await this.job(id);
    if (now === undefined || JSON.stringify(now.job.composition) !== JSON.stringify(json(composition))) {
      throw new StarlingError(
        'revision-conflict',
        `Job ${id} was changed by somebody else meanwhile. Ask again.`,
      );
    }
    const { job } = applyJob(now.job, { type: 'ask', at: record.receivedAt, question: record.id });
    return { job, revision: now.revision };
  }

  async #list<Item>(
    prefix: string,
    limit: number,
    after: string | undefined,
  ): Promise<{ items: Item[]; next?: string }> {
    const page = await this.#state.list(prefix, {
      limit,
      ...(after === undefined ? {} : { after: prefix + after }),
    });
    const items = page.entries.map((entry) => entry.value as unknown as Item);
    return page.next === undefined ? { items } : { items, next: page.next.slice(prefix.length) };
  }

  async #names(prefix: string): Promise<string[]> {
    const names: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await this.#state.list(prefix, after === undefined ? {} : { after });
      names.push(...page.entries.map((entry) => entry.key.slice(prefix.length)));
      if (page.next === undefined) return names;
      after = page.next;
    }
  }
}
