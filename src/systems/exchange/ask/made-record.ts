import { applyJob, type Job } from '../job/index.js';
import { askedAt, type DecidedQuestion, decidedQuestion } from '../scenarios/decided-question.js';
import type { RequestRecord } from './request-record.js';

/** The record of a question that was just decided, and is running, for tests. */
export function madeRecord(
  decided: DecidedQuestion = decidedQuestion(),
  changes: Partial<RequestRecord> = {},
): RequestRecord {
  const { question, decisions, placement, composition } = decided;
  return {
    id: 'r-2aaaaaaaa0000',
    job: 'ada-00000001',
    followUp: false,
    state: 'running',
    user: question.user,
    question,
    receivedAt: askedAt,
    decisions,
    placement,
    composition,
    runs: [],
    crossings: [],
    results: [],
    events: [{ sequence: 1, at: askedAt, type: 'received', message: 'ada@university.example asks UVA, VU.' }],
    ...changes,
  };
}

/** The job that a record makes, with its question open, for tests. */
export function madeJob(
  { id: requestId, job: id = 'ada-00000001', question, receivedAt: at }: RequestRecord,
  { composition }: Pick<DecidedQuestion, 'composition'> = decidedQuestion(),
): Job {
  const { job } = applyJob(undefined, { type: 'create', at, id, question, composition });
  return applyJob(job, { type: 'ask', at, question: requestId }).job;
}
