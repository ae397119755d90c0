import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';
import { systemClock } from './system-clock.js';

describe('ManualClock', () => {
  it('runs due timers in the order of their deadlines, each at its own time', () => {
    const clock = new ManualClock();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now()]);
    clock.timer(30, note('c'));
    clock.timer(10, note('a'));
    clock.timer(10, note('b'));
    clock.timer(31, note('d'));
    clock.advance(30);
    expect(ran).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 30],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.pendingTimers).toBe(1);
    expect(clock.nextTimerIn).toBe(1);
  });

  it('runs a timer that a callback sets, when it comes due within the same advance', () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.timer(4, again);
    };
    clock.timer(4, again);
    clock.advance(13);
    expect(ran).toEqual([4, 8, 12]);
  });

  it('never runs a cancelled timer, nor one with an infinite delay, nor one within timer()', () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    const cancelled = clock.timer(5, () => ran.push('cancelled'));
    clock.timer(Number.POSITIVE_INFINITY, () => ran.push('never'));
    clock.timer(-1, () => ran.push('late'));
    expect(ran).toEqual([]);
    cancelled.cancel();
    clock.advance(1e9);
    expect(ran).toEqual(['late']);
  });

  it('keeps timers when the wall time is set', () => {
    const clock = new ManualClock(1_000);
    const ran: number[] = [];
    clock.timer(10, () => ran.push(clock.now()));
    clock.setWallTime(5_000_000);
    clock.advance(10);
    expect(ran).toEqual([10]);
    expect(clock.wallTime()).toBe(5_000_010);
  });

  it('refuses to go back', () => {
    const clock = new ManualClock();
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
    expect(clock.now()).toBe(0);
  });

  it('runs the same timers in the same order however the time is cut', () => {
    const delays = fc.array(fc.nat(50), { maxLength: 20 });
    const cuts = fc.array(fc.nat(20), { maxLength: 20 });
    fc.assert(
      fc.property(delays, cuts, (waits, steps) => {
        const clock = new ManualClock();
        const ran: number[] = [];
        waits.forEach((ms, index) => {
          clock.timer(ms, () => ran.push(index));
        });
        for (const step of [...steps, 50]) clock.advance(step);
        const expected = waits.map((ms, index) => ({ ms, index })).sort((a, b) => a.ms - b.ms);
        expect(ran).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});

describe('systemClock', () => {
  it('runs a timer not before its deadline', async () => {
    const deadline = systemClock.now() + 5;
    const ranAt = await new Promise<number>((resolve) => {
      systemClock.timer(5, () => resolve(systemClock.now()));
    });
    expect(ranAt).toBeGreaterThanOrEqual(deadline);
  });

  it('keeps a timer beyond what Node can wait, and lets it be cancelled', async () => {
    const ran: string[] = [];
    const century = systemClock.timer(100 * 365 * 86_400_000, () => ran.push('century'));
    const never = systemClock.timer(Number.POSITIVE_INFINITY, () => ran.push('never'));
    await new Promise<void>((resolve) => {
      systemClock.timer(2, resolve);
    });
    expect(ran).toEqual([]);
    century.cancel();
    never.cancel();
  });

  it('tells the wall time in milliseconds since 1970', () => {
    expect(Math.abs(systemClock.wallTime() - Date.now())).toBeLessThan(60_000);
  });
});
