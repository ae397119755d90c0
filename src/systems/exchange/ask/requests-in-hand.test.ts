import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { askedAt } from '../scenarios/decided-question.js';
import { madeJob, madeRecord } from './made-record.js';
import type { RequestRecord } from './request-record.js';
import { RequestStore } from './request-store.js';
import type { Signal } from './requests-in-hand.js';

let folder: string;
let state: State;
let one: RequestStore;
let two: RequestStore;
let record: RequestRecord;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-in-hand-'));
  state = await openLocalState({ folder });
  one = new RequestStore(state, 'one');
  two = new RequestStore(state, 'two');
  record = madeRecord();
  await one.begun(record, madeJob(record), 0);
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

const left = async () => {
  const [running] = await two.inHand.all();
  if (running === undefined) throw new Error('Nothing is running.');
  return running;
};
const failed = { ...madeRecord(), state: 'failed', endedAt: askedAt + 1 } as const;
const allowed = async () => ({ against: () => undefined });

describe('a request of a gateway', () => {
  it('is taken over by nobody while that one is there', async () => {
    await state.put('gateways/one', {});
    const running = await left();
    expect(running.gateway).toBe('one');
    expect(await two.inHand.takeOver(running)).toBe(false);
    expect(await one.inHand.isStillHere(record.id)).toBe(true);
  });

  it('that is gone is taken over by one of many', async () => {
    const running = await left();
    const three = new RequestStore(state, 'three');
    const taken = await Promise.all([two, three].map((store) => store.inHand.takeOver(running)));
    expect(taken.filter((each) => each)).toHaveLength(1);
    expect((await left()).gateway).toBe(taken[0] ? 'two' : 'three');
  });

  it('that was taken over takes no word of that gateway any more: no progress, no answer, no end', async () => {
    await two.inHand.takeOver(await left());
    expect(await one.progressed({ ...record, runs: [] })).toBe(false);
    const answered = { ...record, state: 'answered', endedAt: askedAt + 1 } as const;
    expect((await one.answered(answered, allowed))?.code).toBe('run-died');
    expect(await one.failed(failed, 'by one')).toEqual(record);
    expect(await two.failed({ ...failed, endedAt: askedAt + 2 }, 'by two')).toMatchObject({
      endedAt: askedAt + 2,
    });
    expect((await one.failed(failed, 'by one')).endedAt).toBe(askedAt + 2);
    const { job } = await one.job(record.job ?? '');
    expect(job.history.at(-1)).toMatchObject({ type: 'failed', cause: 'by two' });
  });
});

describe('a signal', () => {
  it('reaches whoever has the request, also before it listened, and goes with the request', async () => {
    const why = { code: 'request-cancelled' as const, message: 'Enough.' };
    await two.inHand.signal(record.id, { kind: 'follow' });
    const heard: (readonly [string, Signal])[] = [];
    let tell = () => {};
    const both = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const follower = await one.inHand.followSignals(
      (id, signal) => {
        heard.push([id, signal]);
        if (heard.length === 2) tell();
      },
      () => undefined,
    );
    await two.inHand.signal(record.id, { kind: 'stop', why });
    await both;
    expect(heard).toEqual([
      [record.id, { kind: 'follow' }],
      [record.id, { kind: 'stop', why }],
    ]);
    await one.failed(failed, 'cancelled');
    expect((await state.list('/exchange/signals/')).entries).toEqual([]);
    await two.inHand.signal(record.id, { kind: 'follow' });
    expect((await state.list('/exchange/signals/')).entries).toEqual([]);
    await follower.close();
  });
});
