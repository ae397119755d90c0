import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { untilAnswered } from './until-answered.js';

const silence = new Error('nobody answered');

/** Asks what answers at the `at`-th try, and tells the pauses between the tries. */
async function ask(at: number, thrown = silence): Promise<{ outcome: unknown; pauses: number[] }> {
  const clock = new ManualClock();
  const pauses: number[] = [];
  const patient = {
    now: () => clock.now(),
    wallTime: () => clock.wallTime(),
    timer: (ms: number, callback: () => void) => {
      pauses.push(ms);
      const timer = clock.timer(ms, callback);
      queueMicrotask(() => clock.advance(ms));
      return timer;
    },
  };
  const outcome = await untilAnswered(
    async (tries) => {
      if (tries < at) throw thrown;
      return `answer ${tries}`;
    },
    { clock: patient, forMs: 10_000, isUnanswered: (error) => error === silence },
  ).catch((error: unknown) => error);
  return { outcome, pauses };
}

describe('what is asked until it is answered', () => {
  it('is asked again after pauses that grow', async () => {
    expect(await ask(4)).toEqual({ outcome: 'answer 4', pauses: [50, 100, 200] });
  });

  it('fails when its time is over, without a storm', async () => {
    const { outcome, pauses } = await ask(Infinity);
    expect(outcome).toBe(silence);
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]);
  });

  it('is not asked again where there was an answer, though a bad one', async () => {
    const refusal = new Error('no');
    expect(await ask(2, refusal)).toEqual({ outcome: refusal, pauses: [] });
  });
});
