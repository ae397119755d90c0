import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { MadeAgent } from '../link/made-agent.js';
import { madeLink } from '../link/made-link.js';
import { whileOrderCounts } from './while-order-counts.js';

const claims = (clock: ManualClock) => ({ aud: 'VU', jti: 'order 1', exp: clock.wallTime() / 1000 + 300 });

describe('an order', () => {
  it('ends a minute after its time where the agent only gives signs of life, and its run is stopped', async () => {
    const link = await madeLink();
    try {
      const agent = new MadeAgent();
      let begun: () => void = () => undefined;
      const started = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const stopped = new Promise<string>((resolve) => {
        agent.onExecute = (_order, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              resolve('stopped');
              reject(signal.reason);
            });
            begun();
          });
      });
      link.connect(agent, await link.enrol('VU'));
      await link.seen('VU');
      const remote = link.server.directory.get('VU');
      if (remote === undefined) throw new Error('It is enrolled.');
      // a clock of its own: at the line no time passes, so that its signs of life are all on time
      const clock = new ManualClock();
      const bound = { claims: claims(clock), clock, signal: new AbortController().signal };
      const outcome = whileOrderCounts(bound, (signal) =>
        remote.execute(
          { signed: 'order 1', inputs: [] },
          { signal, onProgress: () => undefined, onRows: () => Promise.reject(new Error('none')) },
        ),
      ).catch((error: unknown) => error);
      await started;
      clock.advance(360_000);
      expect(await outcome).toMatchObject({
        code: 'time-limit',
        message: expect.stringContaining('The agent of VU gave no answer'),
        details: { party: 'VU', order: 'order 1' },
      });
      expect(await stopped).toBe('stopped');
    } finally {
      await link.close();
    }
  });

  it('that ends in time says what the agent said, and leaves no timer', async () => {
    const clock = new ManualClock();
    const signal = new AbortController().signal;
    const bound = { claims: claims(clock), clock, signal };
    expect(await whileOrderCounts(bound, async () => 'answer')).toBe('answer');
    const refused = whileOrderCounts(bound, () => Promise.reject(new Error('refused')));
    await expect(refused).rejects.toThrow('refused');
    expect(clock.pendingTimers).toBe(0);
  });

  it('is stopped by its request as before', async () => {
    const clock = new ManualClock();
    const request = new AbortController();
    const outcome = whileOrderCounts(
      { claims: claims(clock), clock, signal: request.signal },
      (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    request.abort(new Error('cancelled'));
    await expect(outcome).rejects.toThrow('cancelled');
  });
});
