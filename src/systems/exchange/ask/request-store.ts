import { StarlingError } from '../../../kernel/errors/index.js';
import type { Comparison, State } from '../../../kernel/state/index.js';
import { applyJob, type Job } from '../job/index.js';
import { storedJob } from './job-store.js';
import { RequestReader } from './request-reader.js';
import type { RequestRecord } from './request-record.js';
import { RequestsInHand } from './requests-in-hand.js';
import { storedJson as json, storedKeys } from './stored-keys.js';

const { requests, jobs, kept, ofJob } = storedKeys;

/** What an answer rests on at one moment. */
export interface AnswerGround {
  /** Why the answer may not go out, by its job as it is. */
  readonly against: (job: Job) => StarlingError | undefined;
  /** What has to hold when the answer is written, so that `against` still says the same. */
  readonly conditions?: readonly Comparison[];
}

/** Requests and jobs in the state store; every method of its own is one atomic, synced write. */
export class RequestStore extends RequestReader {
  /** Which requests this gateway and others have in hand. */
  readonly inHand: RequestsInHand;
  readonly #state: State;

  /** @param gateway the id of this one; needed where several share the state */
  constructor(state: State, gateway = 'gateway') {
    super(state);
    this.#state = state;
    this.inHand = new RequestsInHand(state, gateway);
  }

  /** A request that was refused, which has ended as it begins. Throws `revision-conflict` where its id is taken. */
  async refused(record: RequestRecord): Promise<void> {
    const { succeeded } = await this.#state.transaction({
      compare: [{ key: requests + record.id, exists: false }],
      success: [{ put: requests + record.id, value: json(record) }],
    });
    if (!succeeded) throw idTaken(record.id);
  }

  /**
   * A request that begins, with the job that it makes (`jobRevision` 0) or follows up (at the revision it was read). Where
   * another question of the job came between, it is asked after that one. Throws `revision-conflict`, and writes nothing,
   * where the job was composed anew meanwhile or the id of the request is taken, and `job-ended`.
   */
  async begun(record: RequestRecord, job: Job, jobRevision: number): Promise<void> {
    for (let asked = { job, revision: jobRevision }; ; asked = await this.#askedAfter(record, asked)) {
      const { succeeded, revision } = await this.#state.transaction({
        compare: [
          { key: jobs + job.id, modRevision: asked.revision },
          { key: requests + record.id, exists: false },
        ],
        success: [
          { put: requests + record.id, value: json(record) },
          this.inHand.taking(record.id),
          { put: `${ofJob}${job.id}/${record.id}`, value: true },
          { put: jobs + job.id, value: json(asked.job) },
        ],
      });
      if (succeeded) return this.inHand.took(record.id, revision);
    }
  }

  /**
   * A request that was answered. `look` says what the answer has to hold to: where `against` tells why it may not go out,
   * nothing is written and that is returned, as is that another gateway closed the request. Else the job is as `against` saw
   * it, and `conditions` hold, as it is written.
   */
  async answered(
    record: RequestRecord,
    look: () => Promise<AnswerGround>,
  ): Promise<StarlingError | undefined> {
    const { job: jobId = '', endedAt: at = record.receivedAt } = record;
    for (;;) {
      const { against, conditions = [] } = await look();
      const { job, revision } = await this.job(jobId);
      const refusal = against(job);
      if (refusal !== undefined) return refusal;
      const { job: after } = applyJob(job, { type: 'answered', at, question: record.id });
      const { succeeded } = await this.#state.transaction({
        compare: [
          { key: jobs + jobId, modRevision: revision },
          this.inHand.condition(record.id),
          ...conditions,
        ],
        success: [
          { put: requests + record.id, value: json(record) },
          ...this.inHand.giving(record.id),
          { put: kept + record.id, value: record.keptUntil ?? at },
          { put: jobs + jobId, value: json(after) },
        ],
      });
      if (succeeded) {
        this.inHand.gave(record.id);
        return undefined;
      }
      if (!(await this.inHand.isStillHere(record.id))) return closedElsewhere(record.id);
    }
  }

  /**
   * A request that has ended without an answer, for `cause`: its question in the job is closed, where there is one; also
   * of a job that has ended by then. Resolves to its record as it is then: another gateway may have closed it already.
   */
  async failed(record: RequestRecord, cause: string): Promise<RequestRecord> {
    const { id, job: jobId, endedAt: at = record.receivedAt } = record;
    for (;;) {
      const entry = jobId === undefined ? undefined : await this.#state.get(jobs + jobId);
      const before = entry === undefined ? undefined : storedJob(entry.value);
      const open = before?.openQuestions.includes(id) === true;
      const job = open ? applyJob(before, { type: 'failed', at, question: id, cause }).job : undefined;
      const { succeeded } = await this.#state.transaction({
        compare: [
          this.inHand.condition(id),
          ...(entry === undefined ? [] : [{ key: entry.key, modRevision: entry.modRevision }]),
        ],
        success: [
          { put: requests + id, value: json(record) },
          ...this.inHand.giving(id),
          ...(job === undefined ? [] : [{ put: jobs + job.id, value: json(job) }]),
        ],
      });
      if (!succeeded && (await this.inHand.isStillHere(id))) continue;
      this.inHand.gave(id);
      return succeeded ? record : this.request(id);
    }
  }

  /** How far a request is; false where it is not in this gateway's hand any more, and nothing is written. */
  async progressed(record: RequestRecord): Promise<boolean> {
    const { succeeded } = await this.#state.transaction({
      compare: [this.inHand.condition(record.id)],
      success: [{ put: requests + record.id, value: json(record) }],
    });
    return succeeded;
  }

  /** The answer of a request is no longer kept; without effect where the record itself is gone by then. */
  async answerRemoved(record: RequestRecord): Promise<void> {
    await this.#state.transaction({
      compare: [{ key: requests + record.id, exists: true }],
      success: [{ put: requests + record.id, value: json(record) }, { delete: kept + record.id }],
    });
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

  async #askedAfter(
    record: RequestRecord,
    before: { job: Job; revision: number },
  ): Promise<{ job: Job; revision: number }> {
    const { id, composition } = before.job;
    if ((await this.#state.get(requests + record.id)) !== undefined) throw idTaken(record.id);
    if (before.revision === 0) throw idTaken(id);
    const now = await this.job(id);
    if (JSON.stringify(now.job.composition) !== JSON.stringify(json(composition))) {
      throw new StarlingError(
        'revision-conflict',
        `Job ${id} was changed by somebody else meanwhile. Ask again.`,
      );
    }
    const { job } = applyJob(now.job, { type: 'ask', at: record.receivedAt, question: record.id });
    return { job, revision: now.revision };
  }
}

const closedElsewhere = (id: string) =>
  new StarlingError(
    'run-died',
    `Request ${id} was closed by another gateway, since this one was not heard of for too long. Ask again.`,
  );

/** An id that was drawn at random is that of another already. */
const idTaken = (id: string) =>
  new StarlingError('revision-conflict', `The id ${id} is taken. Ask again.`, { details: { taken: id } });

/** Whether a request or job was refused for its id alone: with another it may be taken. */
export function isIdTaken(error: unknown): boolean {
  return (
    error instanceof StarlingError && error.code === 'revision-conflict' && error.details?.taken !== undefined
  );
}
