import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { watchClockJumps } from './clock-jumps.js';

const minute = 60_000;

describe('watchClockJumps', () => {
  it('tells of a jump by more than a minute, for a quarter of an hour', () => {
    const clock = new ManualClock();
    const jumps: number[] = [];
    const read = watchClockJumps(clock, (byMs) => jumps.push(byMs));
    clock.advance(60 * minute);
    expect(read()).toEqual({ wallTime: clock.wallTime() });
    clock.setWallTime(clock.wallTime() - 5 * minute);
    expect(read()).toEqual({ wallTime: clock.wallTime(), jumpedByMs: -5 * minute });
    clock.advance(14 * minute);
    expect(read()).toMatchObject({ jumpedByMs: -5 * minute });
    clock.advance(minute);
    expect(read()).toEqual({ wallTime: clock.wallTime() });
    expect(jumps).toEqual([-5 * minute]);
  });

  it('lets a clock be corrected bit by bit', () => {
    const clock = new ManualClock();
    const jumps: number[] = [];
    const read = watchClockJumps(clock, (byMs) => jumps.push(byMs));
    for (let times = 0; times < 10; times += 1) {
      clock.setWallTime(clock.wallTime() + minute);
      expect(read()).toEqual({ wallTime: clock.wallTime() });
    }
    expect(jumps).toEqual([]);
  });
});
