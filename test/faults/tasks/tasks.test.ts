import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import { readSettings } from './settings.js';
import { faultsLine, tasksRun } from './tasks-run.js';

const settings = readSettings(process.env.STARLING_FAULTS);

describe('tasks, while workers and the daemon are killed', () => {
  it('have one result each that is right, or a reason why not', { timeout: 3_600_000 }, async () => {
    const { history, figures } = await tasksRun(settings);
    const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
    const failed = history.final.filter(({ error }) => error?.code === 'worker-lost').length;
    console.log(
      `seed ${settings.seed}: ${settings.tasks} tasks, ${settings.workers} workers; ${figures.operations} operations in ` +
        `${seconds(figures.totalMs)}; ${faultsLine(figures)}; ${failed} given up for want of workers; ` +
        `longest time without an operation ${seconds(figures.longestStandstillMs)}`,
    );
    expect(checkHistory(history)).toEqual([]);
    expect(Object.values(figures.faults).reduce((sum, count) => sum + count, 0)).toBe(settings.faults);
  });
});
