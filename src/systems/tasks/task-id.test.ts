import { describe, expect, it } from 'vitest';
import { TaskIds } from './task-id.js';

describe('ids of tasks', () => {
  it('sort in the order in which they were made, also within a millisecond and when the clock is set back', () => {
    const ids = new TaskIds();
    const times = [1000, 1000, 1000, 5, 1001, ...Array.from({ length: 100 }, () => 1_800_000_000_000)];
    const made = times.map((at, index) => ids.next(at, `${(index * 7) % 10}`));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });
});
