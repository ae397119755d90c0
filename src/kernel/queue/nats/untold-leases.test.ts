import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock/index.js';
import { firstLeaseMs } from './layout.js';
import { UntoldLeases, untoldMs } from './untold-leases.js';

let clock: ManualClock;
let told: [string, number][];
let untold: UntoldLeases;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  untold = new UntoldLeases(clock, (token, leaseMs) => told.push([token, leaseMs]));
});

describe('a lease', () => {
  it('that is longer than the first is told of after a while, with what is left of it', () => {
    untold.add('one', 60_000);
    clock.advance(untoldMs - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([['one', 60_000 - untoldMs]]);
  });

  it('that is shorter is told of at once, and one of the same length not at all', () => {
    untold.add('short', 1_000);
    untold.add('same', firstLeaseMs);
    expect(told).toEqual([['short', 1_000]]);
    clock.advance(untoldMs);
    untold.close();
    expect(told).toHaveLength(1);
  });

  it('that is over by then is not told of', () => {
    untold.add('done', 60_000);
    untold.forget('done');
    clock.advance(untoldMs);
    expect(told).toEqual([]);
  });

  it('that began later is told of later', () => {
    untold.add('one', 60_000);
    clock.advance(100);
    untold.add('two', 30_000);
    clock.advance(untoldMs - 100);
    expect(told.map(([token]) => token)).toEqual(['one']);
    clock.advance(100);
    expect(told.slice(1)).toEqual([['two', 30_000 - untoldMs]]);
  });

  it('is told of at the close, and after it at once', () => {
    untold.add('one', 60_000);
    untold.close();
    untold.add('two', 60_000);
    expect(told).toEqual([
      ['one', 60_000],
      ['two', 60_000],
    ]);
    clock.advance(untoldMs);
    expect(told).toHaveLength(2);
  });
});
