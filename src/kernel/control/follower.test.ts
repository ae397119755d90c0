import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { type Json, openLocalState, type State } from '../state/index.js';
import { Follower } from './follower.js';

let folder: string;
let state: State;
let seen: Map<string, Json>;
let loads: number;
let failure: StarlingError | undefined;
let failed: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-follow-'));
  state = await openLocalState({ folder });
  seen = new Map();
  loads = 0;
  failure = undefined;
  failed = () => undefined;
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

const follow = (over: Pick<State, 'list' | 'watch'> = state, clock = new ManualClock()) =>
  Follower.start({
    clock,
    state: over,
    prefix: 'a/',
    load: async (entries) => {
      loads += 1;
      seen.clear();
      for await (const { key, value } of entries) seen.set(key, value);
    },
    apply: ({ changes }) => {
      for (const change of changes) {
        if (change.type === 'put') seen.set(change.entry.key, change.entry.value);
        else seen.delete(change.key);
      }
    },
    onFailure: (error) => {
      failure = error;
      failed();
    },
  });

const away = () => new StarlingError('storage-unavailable', 'No server answers.');

/** A clock that lets the time pass whenever somebody waits, and how long it was waited each time. */
function hurrying(): { clock: ManualClock; waits: number[] } {
  const clock = new ManualClock();
  const waits: number[] = [];
  const timer = clock.timer.bind(clock);
  clock.timer = (ms, callback) => {
    waits.push(ms);
    const set = timer(ms, callback);
    setImmediate(() => clock.advance(ms));
    return set;
  };
  return { clock, waits };
}

describe('a follower', () => {
  it('asks again, less and less often, a store that does not answer at first', async () => {
    await state.put('a/1', 1);
    let lists = 0;
    const { clock, waits } = hurrying();
    const late: Pick<State, 'list' | 'watch'> = {
      watch: (...given) => state.watch(...given),
      list: (...given) => {
        lists += 1;
        return lists <= 3 ? Promise.reject(away()) : state.list(...given);
      },
    };
    const follower = await follow(late, clock);
    expect([...seen]).toEqual([['a/1', 1]]);
    expect(waits).toEqual([100, 200, 400]);
    await follower.close();
  });

  it('gives the start up where the store does not answer for a minute', async () => {
    const { clock, waits } = hurrying();
    const never = { watch: state.watch.bind(state), list: () => Promise.reject(away()) };
    await expect(follow(never, clock)).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(waits.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(60_000);
    expect(waits.length).toBeLessThan(20);
  });

  it('goes on where it was, when the store was away for a while', async () => {
    const { clock, waits } = hurrying();
    let watches = 0;
    const shaky: Pick<State, 'list' | 'watch'> = {
      list: (...given) => state.list(...given),
      async *watch(...given) {
        watches += 1;
        if (watches <= 2) throw away();
        yield* state.watch(...given);
      },
    };
    const follower = await follow(shaky, clock);
    await follower.reached(await state.put('a/1', 1));
    expect([...seen]).toEqual([['a/1', 1]]);
    expect([loads, failure, waits]).toEqual([1, undefined, [100, 200]]);
    await follower.close();
  });

  it('has what is there, and every change that it is waited for', async () => {
    await state.put('a/1', 1);
    await state.put('b/1', 1);
    const follower = await follow();
    expect([...seen]).toEqual([['a/1', 1]]);
    await state.put('a/2', 2);
    await follower.reached(await state.delete('a/1'));
    expect([...seen]).toEqual([['a/2', 2]]);
    await follower.close();
    expect([loads, failure]).toEqual([1, undefined]);
  });

  it('loads again where what it missed is not kept any more', async () => {
    let lists = 0;
    const racing: Pick<State, 'list' | 'watch'> = {
      watch: (...given) => state.watch(...given),
      list: async (...given) => {
        const page = await state.list(...given);
        lists += 1;
        if (lists > 1) return page;
        await state.put('a/1', 1);
        await state.compact(await state.put('b/1', 1));
        return page;
      },
    };
    const follower = await follow(racing);
    await follower.reached(await state.put('a/2', 2));
    expect([...seen.keys()]).toEqual(['a/1', 'a/2']);
    expect(loads).toBe(2);
    await follower.close();
  });

  it('says why it cannot go on, to whoever waits and once', async () => {
    const follower = await follow();
    const told = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const waiting = follower.reached(1_000);
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ code: 'shutting-down' }),
      state.close(),
      told,
    ]);
    expect(failure).toBe(follower.failure);
    await expect(follower.reached(2_000)).rejects.toBe(failure);
    await follower.close();
  });
});
