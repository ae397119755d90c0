import { StarlingError } from '../../../kernel/errors/index.js';
import { historyLimit, type Job, type JobCommand, type JobEvent } from './job.js';
import { jobLifeMs } from './life.js';

/** The job after a command, and the events that it made (which the history has too). */
export interface JobStep {
  readonly job: Job;
  readonly events: readonly JobEvent[];
}

const when = (at: number): string => new Date(at).toISOString();

type NewEvent = Omit<JobEvent, 'sequence'>;

/** The history stays bounded; `changes` are the fields that the event changes besides. */
function record(job: Job, event: NewEvent, changes: Partial<Job> = {}): JobStep {
  const sequence = (job.history.at(-1)?.sequence ?? 0) + 1;
  const numbered: JobEvent = { sequence, ...event };
  const history = [...job.history, numbered].slice(-historyLimit);
  return { job: { ...job, ...changes, history }, events: [numbered] };
}

function create(command: Extract<JobCommand, { type: 'create' }>): JobStep {
  const { at, id, question, composition } = command;
  const { user } = question;
  const expiresAt = at + jobLifeMs(composition);
  const job: Job = {
    id,
    user,
    question,
    state: 'live',
    composition,
    revision: 1,
    createdAt: at,
    expiresAt,
    openQuestions: [],
    questionsAsked: 0,
    history: [],
  };
  return record(job, {
    at,
    type: 'created',
    cause: `approved for ${user.id}; lives until ${when(expiresAt)}`,
  });
}

/** Throws `job-ended` with `details.because` where the job cannot be used at `at` any more. */
function assertLive(job: Job, at: number): void {
  const expiry = { at: job.expiresAt, because: 'its time was over' };
  const ended = job.ended ?? (at >= job.expiresAt ? expiry : undefined);
  if (ended === undefined) return;
  const how =
    job.state === 'revoked'
      ? `was revoked at ${when(ended.at)}: ${ended.because}`
      : `expired at ${when(ended.at)}`;
  const message = `Job ${job.id} ${how}. Ask it as a new request.`;
  throw new StarlingError('job-ended', message, { details: { job: job.id, ...ended } });
}

function ask(job: Job, command: Extract<JobCommand, { type: 'ask' }>): JobStep {
  const { at, question } = command;
  assertLive(job, at);
  if (job.openQuestions.includes(question)) {
    const message = `Job ${job.id} has an open question ${question} already; give each question an id of its own.`;
    throw new StarlingError('revision-conflict', message, { details: { job: job.id, question } });
  }
  const questionsAsked = job.questionsAsked + 1;
  const cause = questionsAsked === 1 ? 'the first question' : `follow-up ${questionsAsked - 1}`;
  return record(
    job,
    { at, type: 'asked', cause, question },
    {
      questionsAsked,
      openQuestions: [...job.openQuestions, question],
    },
  );
}

/** A failure is recorded whenever it comes; an answer only while the job lives, since later it may not go out. */
function close(job: Job, command: Extract<JobCommand, { type: 'answered' | 'failed' }>): JobStep {
  const { at, question, type } = command;
  if (type === 'answered') assertLive(job, at);
  if (!job.openQuestions.includes(question)) {
    const message = `Job ${job.id} has no open question ${question}; open: ${job.openQuestions.join(', ') || 'none'}.`;
    throw new StarlingError('not-found', message, { details: { job: job.id, question } });
  }
  const openQuestions = job.openQuestions.filter((open) => open !== question);
  const cause = command.type === 'failed' ? command.cause : 'the answer is ready';
  return record(job, { at, type, cause, question }, { openQuestions });
}

function recompose(job: Job, command: Extract<JobCommand, { type: 'recompose' }>): JobStep {
  const { at, composition, cause } = command;
  assertLive(job, at);
  const expiresAt = Math.min(job.expiresAt, job.createdAt + jobLifeMs(composition));
  const revision = job.revision + 1;
  return record(job, { at, type: 'recomposed', cause }, { composition, revision, expiresAt });
}

function expire(job: Job, at: number): JobStep {
  if (job.state !== 'live' || at < job.expiresAt) return { job, events: [] };
  const because = 'its time was over';
  return record(
    job,
    { at, type: 'expired', cause: because },
    { state: 'expired', ended: { at: job.expiresAt, because } },
  );
}

function revoke(job: Job, at: number, because: string): JobStep {
  assertLive(job, at);
  return record(job, { at, type: 'revoked', cause: because }, { state: 'revoked', ended: { at, because } });
}

/**
 * The life of a job as a state machine: `live` until it is `expired` or `revoked`. Pure; times come in the commands.
 *
 * Throws `job-ended` where a job that has ended is asked, answered, recomposed or revoked, `not-found` where there is no such job
 * or open question, and `revision-conflict` where there is one already.
 */
export function applyJob(job: Job | undefined, command: JobCommand): JobStep {
  if (command.type === 'create') {
    if (job === undefined) return create(command);
    const message = `There is a job ${job.id} already; give the new one an id of its own.`;
    throw new StarlingError('revision-conflict', message, { details: { job: job.id } });
  }
  if (job === undefined) {
    throw new StarlingError('not-found', 'There is no such job; ask it as a new request.');
  }
  switch (command.type) {
    case 'ask':
      return ask(job, command);
    case 'answered':
    case 'failed':
      return close(job, command);
    case 'recompose':
      return recompose(job, command);
    case 'expire':
      return expire(job, command.at);
    case 'revoke':
      return revoke(job, command.at, command.cause);
  }
}
