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
          await new Promise((resolve) => setImmediate(resolve));
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
        await new Promise((resolve) => setImmediate(resolve));
        return upper(original, filter);
      },
      clock,
    );
    expect(told.told).toEqual([]);
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
