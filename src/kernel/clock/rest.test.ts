import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';
import { rest } from './rest.js';

describe('a rest', () => {
  it('ends when its time is over, and leaves no listener', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const resting = rest(10, clock, signal).then(() => clock.now());
    clock.advance(9);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1);
    expect(await resting).toBe(10);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends when its signal is aborted, and leaves no timer', async () => {
    const clock = new ManualClock();
    const leaving = new AbortController();
    const resting = rest(10, clock, leaving.signal);
    clock.advance(4);
    leaving.abort();
    await resting;
    expect(clock.now()).toBe(4);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  it('is none where its signal is aborted already', async () => {
    const clock = new ManualClock();
    await rest(10, clock, AbortSignal.abort());
    expect(clock.pendingTimers).toBe(0);
  });

  it('needs no signal', async () => {
    const clock = new ManualClock();
    const resting = rest(10, clock);
    clock.advance(10);
    await resting;
    expect(clock.pendingTimers).toBe(0);
  });
});
