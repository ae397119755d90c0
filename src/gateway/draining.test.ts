import { describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock/index.js';
import { createHealth } from '../kernel/telemetry/index.js';
import { Draining } from './draining.js';

function make() {
  const clock = new ManualClock();
  const health = createHealth({ clock });
  const steps: string[] = [];
  let finish: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const draining = new Draining({
    clock,
    health,
    eventStreams: { endOpen: () => void steps.push('streams of events ended') },
    openRequests: { ended: () => asked },
    requestsInHand: { ended: async () => undefined },
  });
  draining.leaving.addEventListener('abort', () => steps.push('those who wait were sent away'));
  return { clock, health, steps, draining, finish };
}

/** Lets everything that is due by now run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a gateway that takes its leave', () => {
  it('is not ready at once, serves as before for the notice, and then lets end what was asked', async () => {
    const { clock, health, steps, draining, finish } = make();
    expect((await health.report()).status).toBe('ok');
    let isOver = false;
    const drained = draining.drain({ noticeMs: 2_000, graceMs: 30_000 }).then(() => {
      isOver = true;
    });
    expect(await health.report()).toEqual({
      status: 'failed',
      checks: [{ name: 'serving', status: 'failed', message: 'The gateway is about to stop.' }],
    });
    expect(draining.hasBegun).toBe(true);
    clock.advance(1_999);
    await turn();
    expect(steps).toEqual([]);
    clock.advance(1);
    await turn();
    expect(steps).toEqual(['those who wait were sent away', 'streams of events ended']);
    expect(isOver).toBe(false);
    finish();
    await drained;
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits for what was asked no longer than its grace', async () => {
    const { clock, draining } = make();
    const drained = draining.drain({ noticeMs: 0, graceMs: 30_000 });
    clock.advance(0);
    await turn();
    clock.advance(30_000);
    await drained;
    expect(clock.pendingTimers).toBe(0);
  });

  it('is cut short when it closes', async () => {
    const { clock, draining, health } = make();
    const drained = draining.drain({ noticeMs: 60_000, graceMs: 60_000 });
    draining.close();
    await drained;
    expect((await health.report()).status).toBe('failed');
    expect(clock.pendingTimers).toBe(0);
  });
});
