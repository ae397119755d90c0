import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, type Timer } from '../../../kernel/clock/index.js';
import { type Json, openLocalState, type State } from '../../../kernel/state/index.js';
import { AnswerFiles } from '../answers/index.js';
import { askedAt, decidedQuestion } from '../scenarios/decided-question.js';
import { Keepers } from './keepers.js';
import { type MadeEntries, madeEntries } from './made-entries.js';
import { madeJob, madeRecord } from './made-record.js';
import { requestId } from './request-id.js';
import type { Result } from './request-record.js';
import { RequestStore } from './request-store.js';

/** A manual clock that tells when a timer is set: then a keeper has looked, and waits. */
class ToldClock extends ManualClock {
  #told: () => void = () => undefined;

  override timer(ms: number, callback: () => void): Timer {
    const timer = super.timer(ms, callback);
    this.#told();
    return timer;
  }

  timerSet(): Promise<void> {
    return new Promise((resolve) => {
      this.#told = resolve;
    });
  }
}

const keptRequests = async () =>
  (await state.list('/exchange/kept/')).entries.map(({ key }) => key.replace('/exchange/kept/', ''));

const minute = 60_000;
const hour = 60 * minute;

let folder: string;
let state: State;
let store: RequestStore;
let files: AnswerFiles;
let clock: ToldClock;
let keepers: Keepers;
let made: MadeEntries;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-keepers-'));
  clock = new ToldClock(askedAt);
  await open();
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  state = await openLocalState({ folder: join(folder, 'state'), clock: new ManualClock() });
  store = new RequestStore(state);
  files = new AnswerFiles(join(folder, 'answers'));
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  made = madeEntries();
  keepers = new Keepers({
    store,
    answers: files,
    entries: made.entries,
    clock,
    logger,
    keepRecordsMs: 365 * 24 * hour,
  });
}

async function close(): Promise<void> {
  await keepers.close();
  await state.close();
}

/** Resolves when something under `prefix` has come to hold `text`. */
async function written(prefix: string, text: string): Promise<Json> {
  for await (const { changes } of state.watch(prefix, { fromRevision: 1 })) {
    for (const change of changes) {
      if (change.type === 'put' && JSON.stringify(change.entry.value).includes(text))
        return change.entry.value;
    }
  }
  throw new Error('The watch ended.');
}

/** Resolves when a key was deleted. */
async function gone(key: string): Promise<void> {
  for await (const { changes } of state.watch(key, { fromRevision: 1 })) {
    if (changes.some(({ type }) => type === 'delete')) return;
  }
}

/** A job that lives so many hours, of a request that is begun. */
async function liveJob(jobHours: number): Promise<string> {
  const decided = decidedQuestion({}, { relation: { limits: { jobHours } } });
  const record = madeRecord(decided);
  const job = madeJob(record, decided);
  await store.begun(record, job, 0);
  return job.id;
}

const jobState = async (id: string) => (await store.job(id)).job.state;

/** Moves time on to when a timer is due, and waits until the next is set. */
async function advanceAndLook(ms: number): Promise<void> {
  const set = clock.timerSet();
  clock.advance(ms);
  await set;
}

describe('a job', () => {
  it('ends when its time is over, and not before', async () => {
    await keepers.start();
    const id = await liveJob(0.5);
    const set = clock.timerSet();
    keepers.job(id);
    await set;
    expect(clock.nextTimerIn).toBe(30 * minute);
    clock.advance(30 * minute - 1);
    expect([await jobState(id), clock.nextTimerIn]).toEqual(['live', 1]);
    clock.advance(1);
    await written('/exchange/jobs/', '"state":"expired"');
    expect((await store.job(id)).job.ended).toEqual({
      at: askedAt + 30 * minute,
      because: 'its time was over',
    });
  });

  it('of a day is looked at every hour, so that a clock that jumps is noticed', async () => {
    await keepers.start();
    const id = await liveJob(24);
    const set = clock.timerSet();
    keepers.job(id);
    await set;
    for (let passed = 0; passed < 3; passed += 1) {
      expect(clock.nextTimerIn).toBe(hour);
      await advanceAndLook(hour);
      expect(await jobState(id)).toBe('live');
    }
    clock.setWallTime(askedAt + 30 * hour);
    clock.advance(hour);
    await written('/exchange/jobs/', '"state":"expired"');
  });

  it('that was revoked is left alone', async () => {
    await keepers.start();
    const id = await liveJob(0.5);
    const set = clock.timerSet();
    keepers.job(id);
    await set;
    await store.changeJob(id, { type: 'revoke', at: askedAt, cause: 'over' });
    const before = (await state.status()).revision;
    clock.advance(hour);
    await keepers.close();
    expect([await jobState(id), (await state.status()).revision]).toEqual(['revoked', before]);
  });

  it('ends in time when it is taken up after a restart, at once where its time ended while nobody looked', async () => {
    const id = await liveJob(0.5);
    await close();
    clock.advance(20 * minute);
    await open();
    keepers.job(id);
    await keepers.start();
    while (clock.pendingTimers < 2) await clock.timerSet();
    expect([await jobState(id), clock.nextTimerIn]).toEqual(['live', 10 * minute]);
    await close();
    clock.advance(hour);
    await open();
    keepers.job(id);
    await keepers.start();
    await written('/exchange/jobs/', '"state":"expired"');
  });
});

const table = {
  columns: ['average'],
  rows: [{ average: 4_321 }],
  withheld: { groups: 0, total: false, minimumGroupSize: 10 },
};
const results: readonly Result[] = [
  { providers: ['UVA'], computedAt: 'UVA', error: { code: 'time-limit', message: 'It took too long.' } },
  { providers: ['VU'], computedAt: 'VU', table, named: { all: 4_321 } },
  { providers: ['RUG'], computedAt: 'RUG', rows: { columns: ['id'], rows: 1, bytes: 8 } },
];

/** A request that was answered, and whose answer is kept for an hour. */
async function answered(id = requestId(askedAt, '0000')): Promise<string> {
  const running = madeRecord(undefined, { id });
  await store.begun(running, madeJob(running), 0);
  await files.write(running.id, 'RUG', Readable.from([Buffer.from('the rows')]));
  const record = { ...running, state: 'answered' as const, results, keptUntil: askedAt + hour };
  await store.answered(record, async () => ({ against: () => undefined }));
  return running.id;
}

const folderOf = (id: string) => existsSync(join(folder, 'answers', id));

describe('an answer', () => {
  it('is removed when its time is over, and not before; who answered stays on record', async () => {
    await keepers.start();
    const id = await answered();
    // the other one is for records
    while (clock.pendingTimers < 2) await clock.timerSet();
    clock.advance(hour - 1);
    expect([clock.nextTimerIn, folderOf(id)]).toEqual([1, true]);
    clock.advance(1);
    await written(`/exchange/requests/${id}`, '"answerGone":true');
    const record = await store.request(id);
    expect(record.results).toEqual([
      results[0],
      { providers: ['VU'], computedAt: 'VU' },
      { providers: ['RUG'], computedAt: 'RUG' },
    ]);
    expect([record.state, record.keptUntil]).toEqual(['answered', askedAt + hour]);
    expect(JSON.stringify(record)).not.toContain('4321');
    expect(folderOf(id)).toBe(false);
    expect(await keptRequests()).toEqual([]);
  });

  it('is removed after a restart, too', async () => {
    const id = await answered();
    await close();
    clock.advance(2 * hour);
    await open();
    await keepers.start();
    await written(`/exchange/requests/${id}`, '"answerGone":true');
    expect(folderOf(id)).toBe(false);
  });
});

describe('an answer that is erased', () => {
  it('is gone at once, and the record says when and for whom', async () => {
    const id = await answered();
    clock.advance(minute);
    const record = await keepers.erase(id, 'ada@university.example');
    expect(record).toMatchObject({
      answerGone: true,
      erased: { at: askedAt + minute, by: 'ada@university.example' },
    });
    expect(await store.request(id)).toEqual(JSON.parse(JSON.stringify(record)));
    expect(JSON.stringify(record)).not.toContain('4321');
    expect([folderOf(id), await keptRequests()]).toEqual([false, []]);
    const by = 'ada@university.example';
    expect(made.entered).toMatchObject([{ type: 'answer-erased', data: { request: id, by } }]);
    expect((await keepers.erase(id, 'somebody else')).erased?.by).toBe('ada@university.example');
  });
});

describe('a record', () => {
  it('goes after its time, with its answer and with the job that has no other', async () => {
    const id = await answered();
    const { job = '' } = await store.request(id);
    const later = requestId(askedAt + hour, '0000');
    await store.refused(madeRecord(undefined, { id: later, receivedAt: askedAt + hour, state: 'refused' }));
    await store.changeJob(job, { type: 'revoke', at: askedAt, cause: 'over' });
    clock.advance(365 * 24 * hour);
    await keepers.start();
    await gone(`/exchange/jobs/${job}`);
    await expect(store.request(id)).rejects.toMatchObject({ code: 'not-found' });
    expect([folderOf(id), await store.requestsOfJob(job)]).toEqual([false, []]);
    expect((await store.listRequests(10)).items.map((record) => record.id)).toEqual([later]);
  });
});

describe('closing', () => {
  it('leaves no timer', async () => {
    await keepers.start();
    const set = clock.timerSet();
    keepers.job(await liveJob(0.5));
    await set;
    await keepers.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
