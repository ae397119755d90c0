import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { AnswerFiles } from '../answers/index.js';
import { askedAt } from '../scenarios/decided-question.js';
import { type MadeEntries, madeEntries } from './made-entries.js';
import { madeJob, madeRecord } from './made-record.js';
import { Recovery } from './recover.js';
import { RequestStore } from './request-store.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let state: State;
let store: RequestStore;
let files: AnswerFiles;
let made: MadeEntries;
const now = askedAt + 5_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-recover-'));
  state = await openLocalState({ folder: join(folder, 'state') });
  store = new RequestStore(state);
  files = new AnswerFiles(join(folder, 'answers'));
  made = madeEntries();
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a process does that starts. */
async function recover(at: number): Promise<void> {
  const recovery = new Recovery({
    store: new RequestStore(state),
    answers: files,
    entries: made.entries,
    clock: new ManualClock(at),
    logger: silent,
  });
  await recovery.start();
  await recovery.close();
}

describe('a request that a killed process left', () => {
  it('has failed, says why, and leaves no half answer and no open question', async () => {
    const record = madeRecord();
    await store.begun(record, madeJob(record), 0);
    await files.write(record.id, 'VU', Readable.from([Buffer.from('half an ans')]));
    await recover(now);
    const data = { request: record.id, code: 'run-died' };
    expect(made.entered).toMatchObject([{ type: 'request-failed', data }]);
    const message = 'The gateway was stopped before the request had its answer. Ask again.';
    expect(await store.request(record.id)).toEqual({
      ...record,
      state: 'failed',
      endedAt: now,
      error: { code: 'run-died', message },
      // far behind what the killed process may have told to those who followed
      events: [...record.events, { sequence: 10_001, at: now, type: 'failed', message }],
    });
    expect(existsSync(join(folder, 'answers', record.id))).toBe(false);
    expect((await store.inHand.all()).map(({ id }) => id)).toEqual([]);
    const { job } = await store.job('ada-00000001');
    expect([job.state, job.openQuestions, job.history.at(-1)?.cause]).toEqual(['live', [], message]);
  });

  it('is closed also where its job has ended', async () => {
    const record = madeRecord();
    await store.begun(record, madeJob(record), 0);
    await store.changeJob('ada-00000001', { type: 'revoke', at: now, cause: 'over' });
    await recover(now);
    expect((await store.request(record.id)).state).toBe('failed');
    const { job } = await store.job('ada-00000001');
    expect([job.state, job.openQuestions]).toEqual(['revoked', []]);
  });
});

describe('recovering', () => {
  it('closes every one of them, and leaves those that had ended', async () => {
    const ids = ['r-2aaaaaaaa0001', 'r-2aaaaaaaa0002', 'r-2aaaaaaaa0003'];
    for (const [index, id] of ids.entries()) {
      const record = madeRecord(undefined, { id, job: `ada-0000000${index}` });
      await store.begun(record, madeJob(record), 0);
    }
    const [answered = ''] = ids;
    const record = { ...(await store.request(answered)), state: 'answered' as const };
    await store.answered(record, async () => ({ against: () => undefined }));
    await recover(now);
    const states = await Promise.all(ids.map(async (id) => (await store.request(id)).state));
    expect(states).toEqual(['answered', 'failed', 'failed']);
  });

  it('a second time changes nothing', async () => {
    const record = madeRecord();
    await store.begun(record, madeJob(record), 0);
    await recover(now);
    const { revision } = await state.status();
    await recover(now + 1);
    expect((await state.status()).revision).toBe(revision);
  });
});
