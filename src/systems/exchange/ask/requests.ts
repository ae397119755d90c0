import { randomBytes } from 'node:crypto';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Caller } from '../../../kernel/identity/index.js';
import { approveRequest } from '../approve/index.js';
import type { Composition } from '../compose/index.js';
import type { AskedRequest, FollowUpOptions } from '../exchange-api.js';
import { applyJob, type Job, jobId, recheckJob } from '../job/index.js';
import {
  type Catalogue,
  type NormalRequest,
  normaliseRequest,
  type RequestBody,
  type RequestReadings,
} from '../model/index.js';
import { type CarryOutContext, carryOut } from './carry-out.js';
import { type Decided, decide } from './decide.js';
import { followUpOf } from './follow-up-of.js';
import { LiveRequest } from './live-request.js';
import { requestId } from './request-id.js';
import { requestMetrics } from './request-metrics.js';
import { begunRecord, type DryRun } from './request-record.js';
import { tellDecisions } from './tell-decisions.js';
import { withFreeId } from './with-free-id.js';

export interface RequestsOptions extends CarryOutContext {
  /** Told when a job was made, and by which configuration, so that it ends in time and is composed anew. */
  readonly onJob: (job: Job, catalogue: Catalogue) => void;
  /** Told of a request that has ended, and whose end could not be recorded. */
  readonly onUnrecorded: (id: string) => void;
  /** Resolves when a job is composed by what is in force. */
  readonly upToDate: (jobId: string) => Promise<void>;
}

/** The job of a request, as it is to be recorded. */
interface JobBase {
  readonly job: Job;
  /** The revision that it was read at; 0 where it is new. */
  readonly revision: number;
  /** The configuration that was decided by. */
  readonly catalogue: Catalogue;
}

/** The path of requests: understand, decide, record, dispatch, record again. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #live = new Map<string, LiveRequest>();
  readonly #metrics: ReturnType<typeof requestMetrics>;
  #closing = false;

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#metrics = requestMetrics(options.telemetry, () => this.#live.size);
  }

  live(id: string): LiveRequest | undefined {
    return this.#live.get(id);
  }

  get running(): number {
    return this.#live.size;
  }

  /** What would be decided now. Throws where the request cannot be understood. */
  async dryRun(body: RequestBody, readings?: RequestReadings): Promise<DryRun> {
    // what another gateway acknowledged counts here, too
    const { catalogue } = (await this.#options.inForce()).situation;
    const question = normaliseRequest(body, catalogue, readings);
    return { question, ...this.#decide(question, catalogue) };
  }

  /** Throws where the request cannot be understood; resolves when its decision is recorded. */
  async ask(body: RequestBody, caller?: Caller, readings?: RequestReadings): Promise<AskedRequest> {
    return withFreeId(() => this.#ask(body, caller, readings));
  }

  /** Asks a job again, as it is composed by now; the question is checked by the agreements of now. */
  async followUp(
    id: string,
    body: RequestBody,
    caller?: Caller,
    options: FollowUpOptions = {},
  ): Promise<AskedRequest> {
    return withFreeId(() => this.#followUp(id, body, caller, options));
  }

  async #ask(body: RequestBody, caller?: Caller, readings?: RequestReadings): Promise<AskedRequest> {
    const { catalogue } = (await this.#options.inForce()).situation;
    const question = normaliseRequest(body, catalogue, readings);
    const live = this.#begin(question, false, caller);
    const decided = this.#decide(question, catalogue);
    tellDecisions(live, decided);
    const { composition } = decided;
    if (composition === undefined) return this.#refuse(live, decided);
    const at = this.#now();
    const id = jobId(question.user, randomBytes(4).toString('hex'));
    const created = applyJob(undefined, { type: 'create', at, id, question, composition }).job;
    const { job } = applyJob(created, { type: 'ask', at, question: live.id });
    return this.#run(live, decided, composition, { job, revision: 0, catalogue });
  }

  async #followUp(
    id: string,
    body: RequestBody,
    caller: Caller | undefined,
    { party, ...readings }: FollowUpOptions,
  ): Promise<AskedRequest> {
    await this.#options.upToDate(id);
    const { job, revision } = await this.#options.store.job(id);
    if (body.user.id !== job.user.id) {
      throw new StarlingError('not-yours', `Job ${id} is of somebody else. Ask a question of your own.`);
    }
    const at = this.#now();
    const catalogue = this.#options.catalogue();
    const { composition, dataProviders, question } = followUpOf(job, body, { party, readings, catalogue });
    const live = this.#begin(question, true, caller);
    const asked = this.#attempt(live, () => applyJob(job, { type: 'ask', at, question: live.id }).job);
    const decisions = approveRequest(question, catalogue, at);
    live.change({ job: id, decisions });
    let rechecked: Composition;
    try {
      rechecked = recheckJob({ composition, decisions, request: question, catalogue });
    } catch (thrown) {
      return this.#refuse(live, { decisions, error: StarlingError.from(thrown).toRecord() });
    }
    live.event('approved', `Job ${id} was checked again: ${dataProviders.join(', ')} still allow it.`);
    const base = { job: asked, revision, catalogue };
    return this.#run(live, { decisions, composition: rechecked }, rechecked, base);
  }

  /** What runs for a job. */
  runningOf(jobId: string): readonly LiveRequest[] {
    return [...this.#live.values()].filter((live) => live.record.job === jobId);
  }

  /** Stops what runs for a job; its requests then end with `why`. */
  stopJob(id: string, why: StarlingError): void {
    for (const live of this.runningOf(id)) live.stop(why);
  }

  /** Stops every request and waits for their ends to be recorded. */
  async close(): Promise<void> {
    this.#closing = true;
    const why = new StarlingError('shutting-down', 'The gateway is stopping. Ask again later.');
    const all = [...this.#live.values()];
    for (const live of all) live.stop(why);
    await Promise.all(all.map((live) => live.ended));
  }

  #assertOpen(): void {
    if (this.#closing) throw new StarlingError('shutting-down', 'The gateway is stopping. Ask again later.');
  }

  #now(): number {
    return this.#options.clock.wallTime();
  }

  #decide(question: NormalRequest, catalogue: Catalogue): Decided {
    const online = Object.fromEntries(
      this.#options.directory.all().map((agent) => [agent.party, agent.status().online]),
    );
    return decide(question, catalogue, online, this.#now());
  }

  /** Throws `shutting-down`; from here on the request is known as running. */
  #begin(question: NormalRequest, followUp: boolean, caller: Caller | undefined): LiveRequest {
    this.#assertOpen();
    const receivedAt = this.#now();
    const id = requestId(receivedAt, randomBytes(4).toString('hex'));
    const record = begunRecord(id, { question, followUp, receivedAt });
    const live = new LiveRequest(record, () => this.#now(), caller?.token);
    live.event('received', `${question.user.id} asks ${question.dataProviders.join(', ')}.`);
    this.#live.set(live.id, live);
    return live;
  }

  /** A step before the request is recorded: what it throws is the caller's, and the request is forgotten. */
  #attempt<T>(live: LiveRequest, step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.#live.delete(live.id);
      throw error;
    }
  }

  async #refuse(live: LiveRequest, { error }: Decided): Promise<AskedRequest> {
    const message = error?.message ?? 'The request is refused.';
    live.event('refused', message);
    live.change({ state: 'refused', endedAt: this.#now(), ...(error === undefined ? {} : { error }) });
    try {
      const { store, entries } = this.#options;
      await Promise.all([store.refused(live.record), entries.decided(live.record)]);
    } finally {
      this.#end(live);
    }
    return { id: live.id, ended: live.ended };
  }

  async #run(
    live: LiveRequest,
    decided: Decided,
    composition: Composition,
    { job, revision, catalogue }: JobBase,
  ): Promise<AskedRequest> {
    live.change({ job: job.id, jobRevision: job.revision, decisions: decided.decisions, composition });
    // the decision is written while the first run begins; nothing is answered before both are done
    const { store, entries } = this.#options;
    const recorded = Promise.all([store.begun(live.record, job, revision), entries.decided(live.record)]);
    const archetypes = composition.parts.map(({ archetype }) => archetype).join(', ');
    const carriedOut = this.#options.telemetry.withSpan(
      'exchange.request',
      { 'starling.request': live.id, 'starling.job': job.id, 'starling.archetype': archetypes },
      () => carryOut(live, composition, recorded, this.#options),
    );
    const ended = carriedOut.finally(() => this.#end(live)).then(() => live.record);
    // nobody has to await the end: a store that fails is told here, too; a beginning that failed is the caller's
    ended.catch(async (error: unknown) => {
      const begun = await recorded.then(
        () => true,
        () => false,
      );
      if (!begun) return;
      this.#options.telemetry.logger.error(
        { err: error, request: live.id },
        'the end of a request was not recorded',
      );
      this.#options.onUnrecorded(live.id);
    });
    try {
      await recorded;
    } catch (error) {
      live.stop(StarlingError.from(error, 'storage-failed', 'The request cannot be recorded'));
      await ended.catch(() => undefined);
      throw error;
    }
    if (revision === 0) this.#options.onJob(job, catalogue);
    return { id: live.id, ended };
  }

  #end(live: LiveRequest): void {
    this.#live.delete(live.id);
    this.#metrics.ended(live.record);
    live.finish();
  }
}
