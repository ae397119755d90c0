import type { Clock } from '../../../kernel/clock/index.js';
import {
  type Controller,
  createController,
  type Follower,
  type Result,
} from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Telemetry } from '../../../kernel/telemetry/index.js';
import type { Agent, AgentDirectory } from '../agent/index.js';
import type { CatalogueStore } from '../catalogue/index.js';
import {
  type Ground,
  type Job,
  type JobCommand,
  JobIndex,
  lostGround,
  nextTurn,
  recomposeJob,
  type Situation,
} from '../job/index.js';
import type { Catalogue } from '../model/index.js';
import { groundLost } from './carry-out.js';
import type { GatewayEntries } from './gateway-entries.js';
import type { LiveRequest } from './live-request.js';
import type { RequestStore } from './request-store.js';

/** Many at a time, since writes that wait for the disk together share the wait. */
const atATime = 128;

/** The longest time that one timer is set for: clocks jump, and a timer of weeks would not notice. */
const longestWaitMs = 3_600_000;

export interface RecompositionOptions {
  readonly store: RequestStore;
  readonly entries: Pick<GatewayEntries, 'settled'>;
  readonly catalogue: Pick<CatalogueStore, 'current' | 'onChange'>;
  readonly directory: Pick<AgentDirectory, 'onChange'> & {
    all(): readonly Pick<Agent, 'party' | 'status'>[];
  };
  /** Resolves when `catalogue` has every change that was acknowledged before. */
  readonly inForce: () => Promise<unknown>;
  /** What this gateway runs for a job. */
  readonly runningOf: (jobId: string) => readonly LiveRequest[];
  /** Told of each live job that was there, or that another gateway made. */
  readonly onJob: (jobId: string) => void;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Keeps every live job to what is in force: where what it rests on has changed, it is composed anew or revoked, and what
 * runs without ground any more is stopped. Each job is looked at once when the process starts, too. Every gateway does so with
 * all jobs: whichever comes first writes, the others find nothing to change, and each stops what it runs itself.
 */
export class Recomposition {
  readonly #options: RecompositionOptions;
  readonly #jobs: Controller;
  readonly #index = new JobIndex();
  /** Jobs that wait to be looked at, with a mark that is new each time. */
  readonly #waiting = new Map<string, symbol>();
  readonly #stopListening: (() => void)[] = [];
  readonly #outcomes;
  #parties = new Set<string>();
  #follower: Follower | undefined;

  constructor(options: RecompositionOptions) {
    this.#options = options;
    const { clock, telemetry } = options;
    this.#jobs = createController({
      name: 'job-ground',
      clock,
      logger: telemetry.logger,
      metrics: telemetry.metrics,
      random: Math.random,
      concurrency: atATime,
      reconcile: (id) => this.#look(id),
    });
    this.#outcomes = telemetry.metrics.counter(
      'starling_jobs_settled_total',
      'Live jobs that were looked at because what they rest on may have changed, by what became of them.',
      ['outcome'],
    );
  }

  /** Looks at every live job, and again whenever something that it rests on changes. */
  async start(): Promise<void> {
    const { store, catalogue, directory, telemetry } = this.#options;
    this.#parties = new Set(directory.all().map(({ party }) => party));
    this.#stopListening.push(
      catalogue.onChange((changes) => this.#touched(changes)),
      directory.onChange(() => this.#partiesChanged()),
    );
    this.#follower = await store.followJobs(
      (job) => this.#heard(job),
      (error) => telemetry.logger.error({ err: error }, 'jobs of other gateways are not followed any more'),
    );
    this.#jobs.start();
  }

  /** Takes up a new job of this gateway, which was composed by `catalogue`. */
  job(job: Job, catalogue: Catalogue): void {
    this.#index.put(job);
    const situation = this.#situation();
    // what changed while the job was being recorded has found nothing to touch
    if (catalogue !== situation.catalogue) this.#enqueue(job.id);
    const turn = this.#wait(job, situation);
    if (turn !== undefined) this.#jobs.enqueueAfter(job.id, turn);
  }

  /** Resolves when a job is composed by what is in force now. */
  async upToDate(id: string): Promise<void> {
    await this.#options.inForce();
    if (this.#waiting.has(id) || this.#index.revisionOf(id) === undefined) await this.#look(id);
  }

  /** Resolves when every job that a change has touched is settled. */
  settled(): Promise<void> {
    return this.#jobs.idle();
  }

  async close(): Promise<void> {
    for (const stop of this.#stopListening.splice(0)) stop();
    await this.#follower?.close();
    await this.#jobs.stop();
  }

  /** Takes a job as it was written, by whichever gateway. */
  #heard(job: Job): void {
    const known = this.#index.revisionOf(job.id);
    if (job.state === 'live') {
      if (known === job.revision) return;
      if (known === undefined) {
        // one that is just being recorded here is taken up when that is done
        if (this.#follower !== undefined && this.#options.runningOf(job.id).length > 0) return;
        this.#options.onJob(job.id);
      }
      this.#index.put(job);
    } else if (known === undefined) return;
    this.#enqueue(job.id);
  }

  #enqueue(id: string): void {
    this.#waiting.set(id, Symbol(id));
    this.#jobs.enqueue(id);
  }

  #touched(changed: readonly Ground[]): void {
    for (const id of this.#index.touchedBy(changed)) this.#enqueue(id);
  }

  /** An agent that comes online or goes offline touches nothing; one that is known anew, or not any more, does. */
  #partiesChanged(): void {
    const before = this.#parties;
    this.#parties = new Set(this.#options.directory.all().map(({ party }) => party));
    const differing = [...before, ...this.#parties].filter(
      (party) => before.has(party) !== this.#parties.has(party),
    );
    if (differing.length > 0) this.#touched(differing.map((name) => ({ kind: 'parties', name })));
  }

  #situation(): Situation {
    const { catalogue, directory, clock } = this.#options;
    return {
      catalogue: catalogue.current(),
      online: Object.fromEntries(directory.all().map((agent) => [agent.party, agent.status().online])),
      now: clock.wallTime(),
    };
  }

  async #look(id: string): Promise<Result> {
    const mark = this.#waiting.get(id);
    const wait = await this.#settle(id);
    if (this.#waiting.get(id) === mark) this.#waiting.delete(id);
    return wait === undefined ? undefined : { requeueAfterMs: wait };
  }

  /** Settles a job; resolves to the time until it has to be looked at again by itself, in milliseconds. */
  async #settle(id: string): Promise<number | undefined> {
    let situation = this.#situation();
    const done: { command?: JobCommand | undefined } = {};
    let job: Job;
    try {
      job = await this.#options.store.changeJob(id, (current) => {
        situation = this.#situation();
        done.command = this.#command(current, situation);
        return done.command;
      });
    } catch (thrown) {
      if (!(thrown instanceof StarlingError) || thrown.code !== 'not-found') throw thrown;
      this.#index.remove(id);
      return undefined;
    }
    this.#stopWhatLostGround(job, situation);
    const { command } = done;
    if (command?.type === 'revoke' || command?.type === 'recompose') {
      await this.#options.entries.settled(command.type, job, command.cause);
    }
    if (job.state !== 'live') {
      this.#index.remove(id);
      return undefined;
    }
    this.#index.put(job);
    return this.#wait(job, situation);
  }

  #command(job: Job, situation: Situation): JobCommand | undefined {
    const at = situation.now;
    if (job.state !== 'live' || at >= job.expiresAt) return undefined;
    const then = recomposeJob(job, situation);
    this.#outcomes.inc({ outcome: then.type });
    return then.type === 'unchanged' ? undefined : { ...then, at };
  }

  #stopWhatLostGround(job: Job, situation: Situation): void {
    for (const live of this.#options.runningOf(job.id)) {
      const { question, composition } = live.record;
      const cause =
        job.state === 'revoked'
          ? job.ended?.because
          : composition && lostGround(question, composition, situation);
      if (cause !== undefined) live.stop(groundLost(live.id, cause));
    }
  }

  #wait(job: Job, situation: Situation): number | undefined {
    const turn = nextTurn(job, situation);
    return turn === undefined ? undefined : Math.min(turn - situation.now, longestWaitMs);
  }
}
