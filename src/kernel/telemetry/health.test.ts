import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { createHealth } from './health.js';

describe('health', () => {
  it('is ok where every check is, and without any', async () => {
    const health = createHealth({ clock: new ManualClock() });
    expect(await health.report()).toEqual({ status: 'ok', checks: [] });
    health.ready('state', async () => undefined);
    expect(await health.report()).toEqual({ status: 'ok', checks: [{ name: 'state', status: 'ok' }] });
  });

  it('names the check that failed, and why', async () => {
    const health = createHealth({ clock: new ManualClock() });
    health.ready('state', async () => undefined);
    const remove = health.ready('queue', async () => {
      throw new Error('The queue is closed.');
    });
    expect(await health.report()).toEqual({
      status: 'failed',
      checks: [
        { name: 'state', status: 'ok' },
        { name: 'queue', status: 'failed', message: 'The queue is closed.' },
      ],
    });
    remove();
    expect((await health.report()).status).toBe('ok');
  });

  it('counts a check that hangs as failed, and does not call it again before it ended', async () => {
    const clock = new ManualClock();
    const health = createHealth({ clock, timeoutMs: 1_000 });
    let calls = 0;
    let end = () => {};
    health.ready('disk', () => {
      calls += 1;
      return new Promise((resolve) => {
        end = resolve;
      });
    });
    const late = { name: 'disk', status: 'failed', message: 'It did not answer within 1000 ms.' };
    for (const report of [health.report(), health.report()]) {
      clock.advance(1_000);
      expect(await report).toEqual({ status: 'failed', checks: [late] });
    }
    expect(calls).toBe(1);
    const report = health.report();
    end();
    expect((await report).status).toBe('ok');
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses a name that is taken', () => {
    const health = createHealth({ clock: new ManualClock() });
    health.ready('state', async () => undefined);
    expect(() => health.ready('state', async () => undefined)).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});
