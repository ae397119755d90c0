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
      { at: 0, count: 2 },
      { at: 50, count: 1 },
      { at: 80, count: 2 },
    ];
    const lives = [life(0, [0, 30], [40, 100]), life(1, [0, 35], [90, 100])];
    expect(shortages(lives, wanted, 100)).toEqual([
      { from: 30, to: 50 },
      { from: 80, to: 90 },
    ]);
  });

  it('count a slot once', () => {
    const found = shortages([life(0, [0, 100]), life(0, [0, 100])], [{ at: 0, count: 2 }], 100);
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
    ];
    expect([...longestShortages(faults, short)]).toEqual([
      ['kill', 5],
      ['cut', 19],
      ['stop', 0],
    ]);
  });
});
