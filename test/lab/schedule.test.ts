import { describe, expect, it } from 'vitest';
import { faultSchedule, type ScheduleOptions } from './schedule.js';
import { seeded } from './seeded.js';

const kinds = ['kill', 'stop', 'cut'] as const;
const options: ScheduleOptions = { every: 100, lastsMs: [10, 20] };

function first(seed: number, count: number) {
  const schedule = faultSchedule(seeded(seed), kinds, options);
  return Array.from({ length: count }, () => schedule.next().value);
}

describe('a schedule of faults', () => {
  it('is decided by its seed', () => {
    expect(first(7, 30)).toEqual(first(7, 30));
    expect(first(7, 30)).not.toEqual(first(8, 30));
  });

  it('has each kind once before any comes again', () => {
    const faults = first(7, 30).map(({ kind }) => kind);
    for (let at = 0; at < 30; at += 3) expect(faults.slice(at, at + 3).sort()).toEqual([...kinds].sort());
  });

  it('comes after more and more operations, lasts as long as is wanted, and may hit each', () => {
    const faults = first(7, 300);
    let before = 0;
    for (const { after, lastsMs, target } of faults) {
      expect(after - before).toBeGreaterThanOrEqual(50);
      expect(after - before).toBeLessThanOrEqual(150);
      expect(lastsMs).toBeGreaterThanOrEqual(10);
      expect(lastsMs).toBeLessThanOrEqual(20);
      expect(target).toBeGreaterThanOrEqual(0);
      expect(target).toBeLessThan(1);
      before = after;
    }
    expect(new Set(faults.map(({ target }) => Math.floor(target * 4)))).toEqual(new Set([0, 1, 2, 3]));
  });
});
