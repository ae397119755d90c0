import { describe, expect, it } from 'vitest';
import { ManualClock, rest } from '../clock/index.js';
import { expectError } from '../errors/expect-error.js';
import { WorkInHand } from './work-in-hand.js';

const open = () => new WorkInHand('The store was closed. Open it again.');

describe('work in hand', () => {
  it('gives what the work gives, and fails as it fails', async () => {
    const work = open();
    expect(await work.do(async () => 7)).toBe(7);
    const failure = new Error('no');
    await expect(work.do(() => Promise.reject(failure))).rejects.toBe(failure);
    const thrown = work.do(() => {
      throw failure;
    });
    await expect(thrown).rejects.toBe(failure);
  });

  it('is waited for by the close, though it fails', async () => {
    const clock = new ManualClock();
    const work = open();
    const ended: string[] = [];
    const note = (what: string) => () => ended.push(what);
    const bad = work.do(() => rest(1, clock).then(() => Promise.reject(new Error('no')))).catch(note('bad'));
    const good = work.do(() => rest(2, clock).then(note('good')));
    const closed = work.close(() => work.settled()).then(note('closed'));
    clock.advance(1);
    await bad;
    expect(ended).toEqual(['bad']);
    clock.advance(1);
    await Promise.all([good, closed]);
    expect(ended).toEqual(['bad', 'good', 'closed']);
  });

  it('is refused once the close has begun, also to what the close causes', async () => {
    const work = open();
    const late = async () => 'done';
    let caused: Promise<unknown> = Promise.resolve();
    const closed = work.close(async () => {
      caused = expectError(work.do(late), 'shutting-down');
      await work.settled();
    });
    expect(() => work.assertOpen()).toThrow('The store was closed.');
    await expectError(work.do(late), 'shutting-down');
    await closed;
    await caused;
  });

  it('is closed once, however often that is asked', async () => {
    const work = open();
    let ends = 0;
    const end = async () => {
      ends += 1;
    };
    await Promise.all([work.close(end), work.close(end)]);
    await work.close(end);
    expect(ends).toBe(1);
  });
});
