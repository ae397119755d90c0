import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { applyJob, type Job } from '../job/index.js';
import { askedAt } from '../scenarios/decided-question.js';
import { madeJob, madeRecord } from './made-record.js';
import { requestId } from './request-id.js';
import type { RequestRecord } from './request-record.js';
import { isIdTaken, RequestStore } from './request-store.js';

let folder: string;
let state: State;
let store: RequestStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-requests-'));
  await open();
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  state = await openLocalState({ folder });
  store = new RequestStore(state);
}

const keptRequests = async () =>
  (await state.list('/exchange/kept/')).entries.map(({ key }) => key.replace('/exchange/kept/', ''));

const revision = async () => (await state.status()).revision;

/** A record and its job that were begun, of which the first is `number` ms later than the others. */
async function begun(number = 0): Promise<{ record: RequestRecord; job: Job }> {
  const record = madeRecord(undefined, {
    id: requestId(askedAt + number, '0000'),
    job: `ada-${String(number).padStart(8, '0')}`,
  });
  const job = madeJob(record);
  await store.begun(record, job, 0);
  return { record, job };
}

const allowed = async () => ({ against: () => undefined });

async function guard() {
  const entry = await state.get('/guard');
  if (entry === undefined) throw new Error('There is no guard.');
  return entry;
}

const answeredAt = (record: RequestRecord, at: number): RequestRecord => ({
  ...record,
  state: 'answered',
  endedAt: at,
  keptUntil: at + 1_000,
});

describe('a request that begins', () => {
  it('is there with its job, as running and of that job, in one write', async () => {
    const before = await revision();
    const { record, job } = await begun();
    expect(await revision()).toBe(before + 1);
    expect(await store.request(record.id)).toEqual(record);
    expect(await store.job(job.id)).toEqual({ job, revision: before + 1 });
    expect((await store.inHand.all()).map(({ id }) => id)).toEqual([record.id]);
    expect(await store.requestsOfJob(job.id)).toEqual([record.id]);
    expect(await keptRequests()).toEqual([]);
  });

  it('is told of a job that ended meanwhile, and nothing of it is written', async () => {
    const { job } = await begun();
    const read = await store.job(job.id);
    await store.changeJob(job.id, { type: 'revoke', at: askedAt, cause: 'over' });
    const before = await revision();
    const follow = madeRecord(undefined, { id: requestId(askedAt + 5, '0000'), job: job.id });
    await expect(store.begun(follow, read.job, read.revision)).rejects.toMatchObject({
      code: 'job-ended',
    });
    expect(await revision()).toBe(before);
    await expect(store.request(follow.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.requestsOfJob(job.id)).toHaveLength(1);
  });

  it('never takes the place of a job or of a request that is there', async () => {
    const { record, job } = await begun();
    const sameJob = madeRecord(undefined, { id: requestId(askedAt + 5, '0000'), job: job.id });
    await expect(store.begun(sameJob, job, 0)).rejects.toMatchObject({ code: 'revision-conflict' });
    const sameId = madeRecord(undefined, { id: record.id, job: 'ada-ffffffff' });
    await expect(store.begun(sameId, madeJob(sameId), 0)).rejects.toMatchObject({
      code: 'revision-conflict',
    });
    await expect(store.refused({ ...sameId, state: 'refused' })).rejects.toMatchObject({
      code: 'revision-conflict',
    });
    expect(await store.request(record.id)).toEqual(record);
    // which is known from a job that was changed, so that another id is drawn
    const thrown = await Promise.allSettled([store.begun(sameId, madeJob(sameId), 0)]);
    expect(thrown.map((one) => one.status === 'rejected' && isIdTaken(one.reason))).toEqual([true]);
  });

  it('is kept over a restart', async () => {
    const { record, job } = await begun();
    await state.close();
    await open();
    expect(await store.request(record.id)).toEqual(record);
    expect((await store.job(job.id)).job).toEqual(job);
    expect((await store.inHand.all()).map(({ id }) => id)).toEqual([record.id]);
  });
});

describe('a request that is refused', () => {
  it('has a record, and is neither running nor of a job', async () => {
    const record = madeRecord(undefined, { state: 'refused' });
    await store.refused(record);
    expect(await store.request(record.id)).toEqual(record);
    expect((await store.inHand.all()).map(({ id }) => id)).toEqual([]);
  });
});

describe('a request that ends', () => {
  it('answered closes its question, and its answer is kept, in one write', async () => {
    const { record, job } = await begun();
    const at = askedAt + 10;
    const before = await revision();
    expect(await store.answered(answeredAt(record, at), allowed)).toBeUndefined();
    expect(await revision()).toBe(before + 1);
    expect(await store.request(record.id)).toEqual(answeredAt(record, at));
    expect((await store.inHand.all()).map(({ id }) => id)).toEqual([]);
    expect(await keptRequests()).toEqual([record.id]);
    const after = (await store.job(job.id)).job;
    expect([after.openQuestions, after.history.at(-1)?.type]).toEqual([[], 'answered']);
    await store.answerRemoved({ ...answeredAt(record, at), answerGone: true });
    expect(await keptRequests()).toEqual([]);
    expect((await store.request(record.id)).answerGone).toBe(true);
  });

  it('failed closes its question with the cause, and nothing is kept', async () => {
    const { record, job } = await begun();
    await store.failed({ ...record, state: 'failed' }, 'A run died.');
    const after = (await store.job(job.id)).job;
    expect([after.openQuestions, after.history.at(-1)?.cause]).toEqual([[], 'A run died.']);
    expect(await keptRequests()).toEqual([]);
  });

  it.each([
    ['was revoked meanwhile', 'revoked', { type: 'revoke', at: askedAt, cause: 'over' }],
    ['expired meanwhile', 'expired', { type: 'expire', at: askedAt + 86_400_000 }],
  ] as const)('of a job that %s is recorded, and the job has no open question', async (_, then, command) => {
    const { record, job } = await begun();
    await store.changeJob(job.id, command);
    const at = askedAt + 86_400_001;
    await store.failed({ ...record, state: 'failed', endedAt: at }, 'the job ended before');
    expect((await store.request(record.id)).state).toBe('failed');
    const after = (await store.job(job.id)).job;
    expect([after.state, after.openQuestions]).toEqual([then, []]);
    expect(after.history.at(-1)).toMatchObject({
      type: 'failed',
      cause: 'the job ended before',
    });
  });

  it('writes no answer that may not go out, by the job as it is at that moment', async () => {
    const { record, job } = await begun();
    const over = new StarlingError('job-ended', 'The job is over.');
    const revoked = (now: Job) => (now.state === 'revoked' ? over : undefined);
    const looks: string[] = [];
    const look = async () => {
      // the job is revoked after the first look at it, and before the answer is written
      if (looks.length === 0) await store.changeJob(job.id, { type: 'revoke', at: askedAt, cause: 'over' });
      return {
        against: (now: Job) => {
          looks.push(now.state);
          return revoked(now);
        },
      };
    };
    expect(await store.answered(answeredAt(record, askedAt), look)).toBe(over);
    expect(looks).toEqual(['revoked']);
    expect((await store.request(record.id)).state).toBe('running');
  });

  it('looks again where its condition does not hold any more', async () => {
    const { record } = await begun();
    await state.put('/guard', 1);
    await state.put('/guard', 2);
    const { modRevision } = await guard();
    const conditions = [
      { key: '/guard', modRevision: modRevision - 1 },
      { key: '/guard', modRevision },
    ];
    const look = async () => {
      const condition = conditions.shift();
      return { against: () => undefined, conditions: condition === undefined ? [] : [condition] };
    };
    expect(await store.answered(answeredAt(record, askedAt), look)).toBeUndefined();
    expect(conditions).toEqual([]);
    expect((await store.request(record.id)).state).toBe('answered');
  });

  it('together with others of its job loses none of them', async () => {
    const { record: first, job } = await begun();
    const ids = Array.from({ length: 8 }, (_, i) => requestId(askedAt + i + 1, '0000'));
    for (const id of ids) {
      const read = await store.job(job.id);
      const asked = applyJob(read.job, { type: 'ask', at: askedAt, question: id }).job;
      await store.begun(madeRecord(undefined, { id, job: job.id }), asked, read.revision);
    }
    await Promise.all(
      [first.id, ...ids].map((question) =>
        store.answered(madeRecord(undefined, { id: question, job: job.id, state: 'answered' }), allowed),
      ),
    );
    const after = (await store.job(job.id)).job;
    expect([after.openQuestions, after.questionsAsked]).toEqual([[], 9]);
    expect(after.history.filter(({ type }) => type === 'answered')).toHaveLength(9);
    expect(await store.requestsOfJob(job.id)).toEqual([...ids.reverse(), first.id]);
  });
});

describe('a job', () => {
  it('takes every change of many that come at once', async () => {
    const { job } = await begun();
    const questions = Array.from({ length: 10 }, (_, i) => `q${i}`);
    await Promise.all(
      questions.map((question) => store.changeJob(job.id, { type: 'ask', at: askedAt, question })),
    );
    const after = (await store.job(job.id)).job;
    expect(after.questionsAsked).toBe(11);
    expect([...after.openQuestions].sort()).toEqual([...job.openQuestions, ...questions].sort());
    expect(after.history.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });

  it('is not written where a command changes nothing, and not changed where one is refused', async () => {
    const { job } = await begun();
    const before = await revision();
    expect(await store.changeJob(job.id, { type: 'expire', at: askedAt })).toEqual(job);
    expect(await revision()).toBe(before);
    await store.changeJob(job.id, { type: 'revoke', at: askedAt, cause: 'over' });
    await expect(
      store.changeJob(job.id, { type: 'revoke', at: askedAt, cause: 'again' }),
    ).rejects.toMatchObject({ code: 'job-ended' });
  });
});

describe('lists', () => {
  it('of requests are paged, newest first', async () => {
    const ids: string[] = [];
    for (const number of [3, 1, 5, 2, 4]) ids.push((await begun(number)).record.id);
    const newestFirst = [5, 4, 3, 2, 1].map((number) => requestId(askedAt + number, '0000'));
    expect([...ids].sort()).toEqual(newestFirst);
    const first = await store.listRequests(2);
    expect(first.items.map(({ id }) => id)).toEqual(newestFirst.slice(0, 2));
    expect(first.next).toBe(newestFirst[1]);
    const second = await store.listRequests(2, first.next);
    const third = await store.listRequests(2, second.next);
    expect([...second.items, ...third.items].map(({ id }) => id)).toEqual(newestFirst.slice(2));
    expect(third.next).toBeUndefined();
  });

  it('of live jobs leave out those that have ended, over many pages', async () => {
    await Promise.all(Array.from({ length: 505 }, (_, number) => begun(number)));
    await store.changeJob('ada-00000007', { type: 'revoke', at: askedAt, cause: 'over' });
    const live = (await store.liveJobs()).map(({ id }) => id);
    expect(live).toHaveLength(504);
    expect(live).not.toContain('ada-00000007');
    expect((await store.listJobs(1)).items[0]?.id).toBe('ada-00000000');
    expect((await store.inHand.all()).map(({ id }) => id)).toHaveLength(505);
  });
});

describe('what is not there', () => {
  it('is told with where to look', async () => {
    await expect(store.request('r-0000000000000')).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no request r-0000000000000. "starling requests" lists those there are.',
    });
    await expect(store.job('ada-00000009')).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no job ada-00000009. "starling jobs" lists those there are.',
    });
  });
});
