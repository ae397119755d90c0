import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { createLogger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { type ControllerOptions, createController, type Reconcile } from './controller.js';
import { TerminalError } from './terminal-error.js';

/** A reconcile whose calls the test ends one by one. */
function held() {
  const calls: { key: string; attempt: number; signal: AbortSignal; end: (thrown?: unknown) => void }[] = [];
  const began: (() => void)[] = [];
  const reconcile: Reconcile = (key, { attempt, signal }) =>
    new Promise((resolve, reject) => {
      const end = (thrown?: unknown) => (thrown === undefined ? resolve(undefined) : reject(thrown));
      calls.push({ key, attempt, signal, end });
      began.shift()?.();
    });
  /** Resolves when the reconcile has been called `count` times in all. */
  const called = async (count: number) => {
    while (calls.length < count) await new Promise<void>((resolve) => began.push(resolve));
    const call = calls[count - 1];
    if (call === undefined) throw new Error('not called');
    return call;
  };
  return { calls, called, reconcile };
}

function create(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  const clock = new ManualClock();
  const controller = createController({
    name: 'test',
    reconcile,
    clock,
    random: () => 0,
    backoff: { initialMs: 100, jitter: 'none' },
    ...options,
  });
  return { clock, controller };
}

describe('controller', () => {
  it('reconciles what was enqueued before and after its start, each key once', async () => {
    const seen: string[] = [];
    const { controller } = create(async (key) => {
      seen.push(key);
      return undefined;
    });
    controller.enqueue('a');
    controller.enqueue('a');
    controller.start();
    controller.enqueue('b');
    await controller.idle();
    expect(seen).toEqual(['a', 'b']);
    await controller.stop();
  });

  it('runs as many keys at a time as it may, and a key that is enqueued meanwhile once more', async () => {
    const work = held();
    const { controller } = create(work.reconcile, { concurrency: 2 });
    controller.start();
    for (const key of ['a', 'b', 'c', 'a']) controller.enqueue(key);
    await work.called(2);
    expect(controller.status).toMatchObject({ phase: 'started', queued: 1, running: 2 });
    work.calls[0]?.end();
    expect((await work.called(3)).key).toBe('c');
    work.calls[1]?.end();
    expect((await work.called(4)).key).toBe('a');
    for (const call of work.calls) call.end();
    await controller.idle();
    expect(work.calls).toHaveLength(4);
    await controller.stop();
  });

  it('tries again after the backoff, tells the attempt, and shows the key as failing until it succeeds', async () => {
    const attempts: [number, number][] = [];
    const { controller, clock } = create(async (_key, { attempt }) => {
      attempts.push([attempt, clock.now()]);
      if (attempt < 3) throw new StarlingError('provider-unavailable', 'The agent of VU is not there.');
      return undefined;
    });
    controller.start();
    controller.enqueue('a');
    await controller.idle();
    expect(controller.status.failing).toMatchObject([
      { key: 'a', attempt: 1, terminal: false, error: { code: 'provider-unavailable' } },
    ]);
    clock.advance(99);
    await controller.idle();
    expect(attempts).toEqual([[1, 0]]);
    clock.advance(1);
    await controller.idle();
    clock.advance(200);
    await controller.idle();
    expect(attempts).toEqual([
      [1, 0],
      [2, 100],
      [3, 300],
    ]);
    expect(controller.status).toMatchObject({ delayed: 0, failing: [] });
    await controller.stop();
  });

  it('reports a terminal error and does not try again', async () => {
    const lines: string[] = [];
    const { logger } = createLogger({
      service: 'test',
      instance: '1',
      level: 'info',
      destination: { write: (line) => lines.push(line) },
    });
    const { controller, clock } = create(
      async () => {
        throw new TerminalError(new StarlingError('configuration-invalid', 'No such step.'));
      },
      { logger },
    );
    controller.start();
    controller.enqueue('a');
    await controller.idle();
    expect(controller.status.failing).toMatchObject([
      { key: 'a', terminal: true, error: { code: 'configuration-invalid', message: 'No such step.' } },
    ]);
    expect(clock.pendingTimers).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', controller: 'test', key: 'a', msg: 'reconcile failed and is not tried again' },
    ]);
    await controller.stop();
  });

  it('takes a reconcile that throws at once like one that rejects', async () => {
    const { controller } = create(() => {
      throw new TypeError('no');
    });
    controller.start();
    controller.enqueue('a');
    await controller.idle();
    expect(controller.status.failing).toMatchObject([
      { error: { code: 'internal', message: 'Reconciling a in controller test: no' } },
    ]);
    await controller.stop();
  });

  it('runs a key again after the time that its result or a caller asks for', async () => {
    const ranAt: number[] = [];
    const { controller, clock } = create(async () => {
      ranAt.push(clock.now());
      return ranAt.length === 1 ? { requeueAfterMs: 50 } : undefined;
    });
    controller.start();
    controller.enqueueAfter('a', 10);
    for (const ms of [10, 49, 1, 1_000]) {
      clock.advance(ms);
      await controller.idle();
    }
    expect(ranAt).toEqual([10, 60]);
    await controller.stop();
  });

  it('stops with nothing running and no timer left, and runs nothing afterwards', async () => {
    const work = held();
    const { controller, clock } = create(work.reconcile);
    controller.start();
    controller.enqueue('a');
    controller.enqueue('b');
    controller.enqueueAfter('c', 10);
    const call = await work.called(1);
    const stopped = controller.stop();
    expect(call.signal.aborted).toBe(true);
    expect(call.signal.reason).toMatchObject({ code: 'shutting-down' });
    expect(controller.status.phase).toBe('stopping');
    call.end();
    await stopped;
    controller.enqueue('d');
    await controller.idle();
    expect(controller.status).toMatchObject({ phase: 'stopped', queued: 0, running: 0, delayed: 0 });
    expect(clock.pendingTimers).toBe(0);
    expect(work.calls).toHaveLength(1);
    expect(() => controller.start()).toThrow(expect.objectContaining({ code: 'shutting-down' }));
  });

  it('gives the running their grace before it aborts them', async () => {
    const work = held();
    const { controller, clock } = create(work.reconcile);
    controller.start();
    controller.enqueue('a');
    const call = await work.called(1);
    const stopped = controller.stop({ graceMs: 500 });
    clock.advance(499);
    expect(call.signal.aborted).toBe(false);
    clock.advance(1);
    expect(call.signal.aborted).toBe(true);
    call.end(call.signal.reason);
    await stopped;
    expect(clock.pendingTimers).toBe(0);
    expect(controller.status.failing).toEqual([]);
  });

  it('counts its reconciles by outcome', async () => {
    const metrics = await createMetrics({ service: 'test', instance: '1', version: '0' });
    const { controller } = create(
      async (key) => {
        if (key === 'bad') throw new TerminalError('no');
        return undefined;
      },
      { metrics },
    );
    controller.start();
    for (const key of ['a', 'b', 'bad']) controller.enqueue(key);
    await controller.idle();
    const text = await metrics.text();
    expect(text).toContain('starling_control_reconciles_total{controller="test",outcome="success"} 2');
    expect(text).toContain('starling_control_reconciles_total{controller="test",outcome="terminal"} 1');
    expect(text).toContain('starling_control_reconcile_seconds_count{controller="test"} 3');
    expect(text).toContain('starling_control_keys{controller="test",condition="running"} 0');
    await controller.stop();
    expect(await metrics.text()).not.toContain('starling_control_keys{');
  });

  it.each([0, 1.5, -1])('refuses a concurrency of %d', (concurrency) => {
    expect(() => create(async () => undefined, { concurrency })).toThrow(
      expect.objectContaining({ code: 'configuration-invalid' }),
    );
  });
});
