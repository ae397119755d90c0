import { describe, expect, it } from 'vitest';
import type { Life } from './history.js';
import { longestShortages, shortages } from './shortages.js';

const life = (slot: number, ...periods: (readonly [from: number, to: number])[]): Life => ({
  ...{ instance: `w-${slot}`, host: 'h1', slot },
  periods: periods.map(([from, to]) => ({ from, to })),
});

describe('times with too few instances', () => {
  it('are those in which fewer slots than wanted are worked on', () => {
    const wanted = [
      { value: 2, from: 0, to: 0 },
      { value: 1, from: 45, to: 50 },
      { value: 2, from: 70, to: 80 },
    ];
    const lives = [life(0, [0, 30], [40, 100]), life(1, [0, 35], [90, 100])];
    expect(shortages(lives, wanted, 100)).toEqual([
      { from: 30, to: 45 },
      { from: 80, to: 90 },
    ]);
  });

  it('count a slot once', () => {
    const found = shortages([life(0, [0, 100]), life(0, [0, 100])], [{ value: 2, from: 0, to: 0 }], 100);
    expect(found).toEqual([{ from: 0, to: 100 }]);
  });

  it('belong to the faults that they overlap', () => {
    const faults = [
      { kind: 'kill', from: 0, to: 20 },
      { kind: 'cut', from: 30, to: 45 },
      { kind: 'stop', from: 60, to: 70 },
    ];
    const short = [
      { from: 10, to: 15 },
      { from: 40, to: 59 },
      { from: 80, to: 83 },
    ];
    const { byKind, withoutFaultMs } = longestShortages(faults, short);
    expect([...byKind]).toEqual([
      ['kill', 5],
      ['cut', 19],
      ['stop', 0],
    ]);
    expect(withoutFaultMs).toBe(3);
  });
});
