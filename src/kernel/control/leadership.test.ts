import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { openLocalState, type State } from '../state/index.js';
import type { Comparison } from '../state/state.js';
import { createLogger } from '../telemetry/logger.js';
import { holdLeadership, type Leadership } from './leadership.js';

const ttlMs = 12_000;
let folder: string;
let clock: ManualClock;
let state: State;
let lines: { msg: string }[];
let open: Leadership[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-leadership-'));
  clock = new ManualClock();
  lines = [];
  open = [];
  state = await openLocalState({ folder, clock, logger: logger() });
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  expect(clock.pendingTimers).toBe(0);
  await state.close();
  await rm(folder, { recursive: true });
});

function logger() {
  return createLogger({
    service: 'test',
    instance: '1',
    level: 'info',
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  }).logger;
}

/** The store as one process sees it: its line can be cut, and what is answered can be waited for. */
function lineTo(store: State) {
  let isCut = false;
  const waiting: (() => void)[] = [];
  const answered = <Value>(answer: Promise<Value>) =>
    answer.finally(() => {
      const told = waiting.splice(0);
      // after whoever asked has taken it in
      setImmediate(() => {
        for (const tell of told) tell();
      });
    });
  const call = <Value>(ask: () => Promise<Value>): Promise<Value> =>
    answered(isCut ? Promise.reject(new StarlingError('storage-failed', 'The line is cut.')) : ask());
  const line: Pick<State, 'get' | 'put' | 'watch' | 'lease'> = {
    get: (key) => call(() => store.get(key)),
    put: (...given) => call(() => store.put(...given)),
    watch: (...given) => store.watch(...given),
    lease: (ms) =>
      call(async () => {
        const lease = await store.lease(ms);
        return {
          id: lease.id,
          ttlMs: lease.ttlMs,
          keepAlive: () => call(() => lease.keepAlive()),
          revoke: () => call(() => lease.revoke()),
        };
      }),
  };
  return {
    line,
    cut: () => {
      isCut = true;
    },
    heal: () => {
      isCut = false;
    },
    /** Resolves after the next answer, or failure, of the store. */
    answer: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
}

/** One process that wants to lead; its terms begin and end visibly. */
function candidate(holder: string, over: Pick<State, 'get' | 'put' | 'watch' | 'lease'> = state) {
  const began: ((term: Term) => void)[] = [];
  const terms: Term[] = [];
  interface Term {
    readonly signal: AbortSignal;
    readonly comparison: Comparison;
    readonly ended: Promise<void>;
  }
  const leadership = holdLeadership({
    state: over,
    name: 'sweeps',
    holder,
    ttlMs,
    clock,
    logger: logger(),
    lead: async (signal, comparison) => {
      const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      const term = { signal, comparison, ended };
      terms.push(term);
      for (const tell of began.splice(0)) tell(term);
      await ended;
    },
  });
  open.push(leadership);
  const next = () => new Promise<Term>((resolve) => began.push(resolve));
  return { leadership, terms, next };
}

describe('holdLeadership', () => {
  it('has one of two lead, and the other as soon as the first hands it on', async () => {
    const first = candidate('gateway-1');
    const { signal } = await first.next();
    const second = candidate('gateway-2');
    const takesOver = second.next();
    expect(first.leadership.isLeader()).toBe(true);
    expect(second.leadership.isLeader()).toBe(false);
    expect((await state.get('leaders/sweeps'))?.value).toBe('gateway-1');
    await first.leadership.close();
    expect(signal.reason).toMatchObject({ code: 'shutting-down' });
    await takesOver;
    expect((await state.get('leaders/sweeps'))?.value).toBe('gateway-2');
    expect(second.leadership.isLeader()).toBe(true);
    expect(first.leadership.isLeader()).toBe(false);
  });

  it('keeps its lease for as long as it leads, and begins no second term', async () => {
    const to = lineTo(state);
    const leader = candidate('gateway-1', to.line);
    await leader.next();
    for (let kept = 0; kept < 20; kept += 1) {
      const answered = to.answer();
      clock.advance(ttlMs / 3);
      await answered;
    }
    expect(leader.leadership.isLeader()).toBe(true);
    expect(leader.terms).toHaveLength(1);
  });

  it('is told to stop before the store could give its lease away, counted from what was sent', async () => {
    const to = lineTo(state);
    const leader = candidate('gateway-1', to.line);
    const { signal, ended } = await leader.next();
    const waiting = candidate('gateway-2');
    const takesOver = waiting.next();
    const answered = to.answer();
    clock.advance(ttlMs / 3);
    await answered;
    to.cut();
    clock.advance((ttlMs * 3) / 4 - 1);
    expect(signal.aborted).toBe(false);
    expect(leader.leadership.isLeader()).toBe(true);
    clock.advance(1);
    expect(signal.reason).toMatchObject({ code: 'lease-lapsed' });
    expect(leader.leadership.isLeader()).toBe(false);
    await ended;
    expect((await state.get('leaders/sweeps'))?.value).toBe('gateway-1');
    expect(waiting.terms).toHaveLength(0);
    clock.advance(ttlMs / 4);
    await takesOver;
    to.heal();
  });

  it('knows that it does not lead when its process was stopped for longer than the lease', async () => {
    const to = lineTo(state);
    const leader = candidate('gateway-1', to.line);
    const { signal } = await leader.next();
    let wasLeader: boolean | undefined;
    clock.timer(ttlMs / 4, () => {
      // as after SIGCONT: time has passed, and no timer ran yet
      const asleep = { now: clock.now.bind(clock) };
      clock.now = () => asleep.now() + ttlMs;
      wasLeader = leader.leadership.isLeader();
      clock.now = asleep.now;
    });
    clock.advance(ttlMs / 4);
    expect(wasLeader).toBe(false);
    expect(signal.aborted).toBe(false);
  });

  it('leads again when the store can be reached again', async () => {
    const to = lineTo(state);
    const leader = candidate('gateway-1', to.line);
    const { ended } = await leader.next();
    to.cut();
    clock.advance((ttlMs * 3) / 4);
    await ended;
    const again = leader.next();
    await to.answer();
    to.heal();
    clock.advance(ttlMs);
    await again;
    expect(leader.terms).toHaveLength(2);
    expect(leader.leadership.isLeader()).toBe(true);
  });

  it('gives a term that compares true in the store until another leads', async () => {
    const first = candidate('gateway-1');
    const { comparison } = await first.next();
    const write = (value: string) =>
      state.transaction({ compare: [comparison], success: [{ put: 'swept', value }] });
    expect((await write('by the leader')).succeeded).toBe(true);
    const takesOver = candidate('gateway-2').next();
    await first.leadership.close();
    const { comparison: next } = await takesOver;
    expect((await write('too late')).succeeded).toBe(false);
    expect((await state.get('swept'))?.value).toBe('by the leader');
    expect((await state.transaction({ compare: [next], success: [] })).succeeded).toBe(true);
  });

  it('does not hand the leadership on before what it did has ended', async () => {
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((tell) => {
      open.push(
        holdLeadership({
          ...{ state, name: 'sweeps', holder: 'gateway-1', ttlMs, clock, logger: logger() },
          lead: () =>
            new Promise((resolve) => {
              finish = resolve;
              tell();
            }),
        }),
      );
    });
    await begun;
    const second = candidate('gateway-2');
    const takesOver = second.next();
    const closed = open[0]?.close();
    expect((await state.get('leaders/sweeps'))?.value).toBe('gateway-1');
    expect(second.terms).toHaveLength(0);
    finish();
    await closed;
    await takesOver;
  });

  it('gives the leadership away where its work fails, says so, and tries again after a while', async () => {
    let tries = 0;
    const tried: (() => void)[] = [];
    open.push(
      holdLeadership({
        ...{ state, name: 'sweeps', holder: 'gateway-1', ttlMs, clock, logger: logger() },
        lead: async (signal) => {
          tries += 1;
          if (tries === 1) throw new Error('no');
          for (const tell of tried.splice(0)) tell();
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      }),
    );
    const gone = state.watch('leaders/')[Symbol.asyncIterator]();
    await gone.next();
    expect((await gone.next()).value).toMatchObject({ changes: [{ type: 'delete', key: 'leaders/sweeps' }] });
    await gone.return?.();
    const again = new Promise<void>((resolve) => tried.push(resolve));
    while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
    await again;
    expect(lines.map(({ msg }) => msg)).toContain('the leadership is striven for again after a failure');
  });

  it('waits while the store fails, and leads when it does not any more', async () => {
    const to = lineTo(state);
    to.cut();
    const failed = to.answer();
    const leader = candidate('gateway-1', to.line);
    await failed;
    while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
    to.heal();
    const began = leader.next();
    clock.advance(100);
    await began;
    expect(leader.leadership.isLeader()).toBe(true);
  });
});
