import { Follower } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Json, State } from '../../../kernel/state/index.js';
import { applyJob, type Job, type JobCommand } from '../job/index.js';
import { storedJson as json, storedKeys } from './stored-keys.js';
import { namesUnder, pageUnder } from './stored-pages.js';

const { jobs, ofJob } = storedKeys;

/** Jobs of older versions do not say how often they were composed: that was once. */
export function storedJob(value: Json): Job {
  const job = value as unknown as Omit<Job, 'revision'> & Partial<Job>;
  return { ...job, revision: job.revision ?? 1 };
}

/** Jobs in the state store; every method is one atomic, synced write or one read. */
export class JobStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
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

  async listJobs(limit: number, after?: string): Promise<{ items: Job[]; next?: string }> {
    const page = await pageUnder<Json>(this.#state, jobs, limit, after);
    return { ...page, items: page.items.map(storedJob) };
  }

  async requestsOfJob(jobId: string): Promise<string[]> {
    return namesUnder(this.#state, `${ofJob}${jobId}/`);
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

  /** Tells of every job that is there, and then of each that was written; whoever follows closes the follower. */
  followJobs(heard: (job: Job) => void, onFailure: (error: StarlingError) => void): Promise<Follower> {
    return Follower.start({
      state: this.#state,
      prefix: jobs,
      load: async (entries) => {
        for await (const { value } of entries) heard(storedJob(value));
      },
      apply: ({ changes }) => {
        for (const change of changes) if (change.type === 'put') heard(storedJob(change.entry.value));
      },
      onFailure,
    });
  }
}
