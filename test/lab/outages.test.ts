import { describe, expect, it } from 'vitest';
import { longestOutages } from './outages.js';

describe('the longest outage', () => {
  it('is between two operations around or within a fault', () => {
    const faults = [
      { kind: 'kill', target: 'a', from: 105, to: 200 },
      { kind: 'kill', target: 'b', from: 405, to: 430 },
      { kind: 'stop', target: 'a', from: 601, to: 602 },
    ] as const;
    const succeeded = [100, 110, 190, 330, 400, 410, 420, 500, 600, 605, 990];
    expect([...longestOutages(faults, succeeded, 1_000)]).toEqual([
      ['kill', 140],
      ['stop', 5],
    ]);
  });

  it('is all that is left where nothing succeeded any more', () => {
    const faults = [{ kind: 'cut', target: 'a', from: 50, to: 60 }] as const;
    expect([...longestOutages(faults, [10, 20], 1_000)]).toEqual([['cut', 980]]);
    expect([...longestOutages(faults, [], 1_000)]).toEqual([['cut', 950]]);
  });
});
