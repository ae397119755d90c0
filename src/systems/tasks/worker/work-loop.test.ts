import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Work, WorkerContract } from './contract.js';
import { workLoop } from './work-loop.js';

const work: Work = {
  id: 't-1',
  name: 'a.png',
  filter: { name: 'invert', parameters: {} },
  lease: 'l1',
  leaseSeconds: 60,
  attempt: 1,
  original: { bytes: 3, mediaType: 'image/png' },
};

/** A contract that gives `works` and then stops the loop, and says what it was told. */
function scripted(works: readonly Work[], overrides: Partial<WorkerContract> = {}) {
  const told: string[] = [];
  const stopping = new AbortController();
  const left = [...works];
  const contract: WorkerContract = {
    take: async () => {
      const next = left.shift();
      if (next !== undefined) return [next];
      stopping.abort();
      return [];
    },
    original: async () => Buffer.from('abc'),
    extend: async () => void told.push('extend'),
    complete: async (_, { bytes }) => void told.push(`complete ${Buffer.from(bytes)}`),
    fail: async (_, { code }, retryable) =>
      void told.push(`fail ${code} ${retryable ? 'for now' : 'for good'}`),
    giveBack: async () => void told.push('give back'),
    ...overrides,
  };
  return { contract, told, stopping };
}

const silent = { info: () => {}, warn: () => {} };
const upper: Parameters<typeof workLoop>[0]['process'] = async ({ bytes, mediaType }) => ({
  bytes: Buffer.from(Buffer.from(bytes).toString().toUpperCase()),
  mediaType,
});

async function run(
  { contract, stopping }: ReturnType<typeof scripted>,
  process = upper,
  clock = new ManualClock(),
): Promise<ManualClock> {
  await workLoop({ contract, process, concurrency: 1, clock, logger: silent, stopping: stopping.signal });
  return clock;
}

describe('a worker', () => {
  it('hands in what it made of each task, one after the other, and leaves no timer', async () => {
    const script = scripted([work, { ...work, id: 't-2' }]);
    const clock = await run(script);
    expect(script.told).toEqual(['complete ABC', 'complete ABC']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('says that the file is to blame, or that another attempt may do', async () => {
    const script = scripted([work, work]);
    const errors = [new StarlingError('input-invalid', 'No image.'), new Error('the disk is full')];
    await run(script, async () => {
      throw errors.shift();
    });
    expect(script.told).toEqual(['fail input-invalid for good', 'fail run-failed for now']);
  });

  it('says that it is there while it works, three times in a lease', async () => {
    const script = scripted([work]);
    const clock = new ManualClock();
    await run(
      script,
      async (original, filter) => {
        for (let third = 0; third < 3; third += 1) {
          clock.advance(20_000);
          await nextTurn();
        }
        return upper(original, filter);
      },
      clock,
    );
    expect(script.told).toEqual(['extend', 'extend', 'extend', 'complete ABC']);
  });

  it('drops a task that another has by now, and tells nobody', async () => {
    const lapsed = async () => {
      throw new StarlingError('lease-lapsed', 'Another has it.');
    };
    const late = scripted([work], { complete: lapsed });
    await run(late);
    expect(late.told).toEqual([]);

    const clock = new ManualClock();
    const told = scripted([work], { extend: lapsed });
    await run(
      told,
      async (original, filter) => {
        clock.advance(20_000);
        await nextTurn();
        return upper(original, filter);
      },
      clock,
    );
    expect(told.told).toEqual([]);
  });

  describe('while tasks are quick', () => {
    const works = ['t-1', 't-2', 't-3'].map((id) => ({ ...work, id }));

    /** What happens to tasks, in order; the file of a task ends in its number, as its result does. */
    function recorded(given: readonly Work[], overrides: Partial<WorkerContract> = {}) {
      const steps: string[] = [];
      const script = scripted(given);
      const contract: WorkerContract = {
        ...script.contract,
        take: async (...options) => {
          const taken = await script.contract.take(...options);
          for (const { id } of taken) steps.push(`take ${id}`);
          return taken;
        },
        original: async ({ id }) => Buffer.from(id),
        complete: async ({ id }) => void steps.push(`complete ${id}`),
        ...overrides,
      };
      const process: typeof upper = async ({ bytes, mediaType }) => {
        // whatever else can happen by now does
        await nextTurn();
        steps.push(`work on ${Buffer.from(bytes)}`);
        return { bytes, mediaType };
      };
      return { script: { ...script, contract }, steps, process };
    }

    it('takes the next one while it works, and hands in beside the work', async () => {
      const handIns: (() => void)[] = [];
      const { script, steps, process } = recorded(works, {
        complete: ({ id }) =>
          new Promise((resolve) => {
            handIns.push(() => {
              steps.push(`complete ${id}`);
              resolve();
            });
          }),
      });
      await run(script, async (original, filter) => {
        const made = await process(original, filter);
        handIns.shift()?.();
        if (steps.includes('work on t-3')) setImmediate(() => handIns.shift()?.());
        return made;
      });
      expect(steps).toEqual([
        'take t-1',
        'work on t-1',
        'take t-2',
        'take t-3',
        'work on t-2',
        'complete t-1',
        'work on t-3',
        'complete t-2',
        'complete t-3',
      ]);
    });

    it('hands in two results at once, and no more, and ends when all are handed in', async () => {
      let now = 0;
      let most = 0;
      const ended: string[] = [];
      const many = Array.from({ length: 6 }, (_, index) => ({ ...work, id: `t-${index + 1}` }));
      const { script, process } = recorded(many, {
        complete: async ({ id }) => {
          now += 1;
          most = Math.max(most, now);
          for (let turn = 0; turn < 20; turn += 1) await nextTurn();
          now -= 1;
          ended.push(id);
        },
      });
      await run(script, process);
      expect(most).toBe(2);
      expect(ended).toEqual(many.map(({ id }) => id));
    });

    it('works alone on what an earlier worker may have died of', async () => {
      const [first, second, third] = works;
      if (first === undefined || second === undefined || third === undefined) throw new Error('no works');
      const { script, steps, process } = recorded([first, { ...second, attempt: 2 }, third], {
        complete: async ({ id }) => {
          for (let turn = 0; turn < 5; turn += 1) await nextTurn();
          steps.push(`complete ${id}`);
        },
      });
      await run(script, process);
      expect(steps).toEqual([
        'take t-1',
        'work on t-1',
        'take t-2',
        'complete t-1',
        'work on t-2',
        'take t-3',
        'work on t-3',
        'complete t-2',
        'complete t-3',
      ]);
    });

    it('takes none ahead once a task took long', async () => {
      const { script, steps, process } = recorded(works);
      const clock = new ManualClock();
      const slow: typeof upper = async (original, filter) => {
        const made = await process(original, filter);
        clock.advance(1_001);
        return made;
      };
      await run(script, slow, clock);
      expect(steps.filter((step) => !step.startsWith('complete'))).toEqual(
        works.flatMap(({ id }) => [`take ${id}`, `work on ${id}`]),
      );
    });

    it('drops what it had taken ahead for too long, once another has it', async () => {
      const clock = new ManualClock();
      const { script, steps, process } = recorded(works.slice(0, 3), {
        extend: async ({ id }) => {
          if (id === 't-3') throw new StarlingError('lease-lapsed', 'Another has it.');
        },
      });
      await run(
        script,
        async (original, filter) => {
          await nextTurn();
          clock.advance(Buffer.from(original.bytes).toString() === 't-2' ? 60_000 : 0);
          return process(original, filter);
        },
        clock,
      );
      expect(steps.filter((step) => step.startsWith('complete'))).toEqual(['complete t-1', 'complete t-2']);
    });
  });

  it('asks again after a while where the gateway does not answer', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const script = scripted([]);
    const take: WorkerContract['take'] = async () => {
      asked += 1;
      if (asked === 3) {
        script.stopping.abort();
        return [];
      }
      setImmediate(() => clock.advance(1_000));
      throw new StarlingError('gateway-unreachable', 'Nobody is there.');
    };
    await run({ ...script, contract: { ...script.contract, take } }, upper, clock);
    expect(asked).toBe(3);
  });
});
