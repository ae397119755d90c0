import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateBackoff } from './backoff.js';
import { createWorkQueue, type WorkEffect, type WorkEvent } from './work-queue.js';

const backoff = validateBackoff({ initialMs: 100, maxMs: 1_000, jitter: 'none' });
const create = (concurrency = 1) => createWorkQueue({ concurrency, backoff });
const enqueue = (key: string): WorkEvent => ({ type: 'enqueue', key });
const failed = (key: string, now = 0): WorkEvent => ({ type: 'failed', key, now, sample: 0 });
const run = (key: string, attempt = 1): WorkEffect => ({ type: 'run', key, attempt });

describe('work queue', () => {
  it('runs nothing before its start, and then what was enqueued', () => {
    const queue = create(2);
    expect(queue.step(enqueue('a'))).toEqual([]);
    expect(queue.step({ type: 'start' })).toEqual([run('a')]);
  });

  it('runs a key once that was enqueued often while it waited', () => {
    const queue = create();
    for (const key of ['a', 'b', 'b', 'b']) queue.step(enqueue(key));
    expect(queue.step({ type: 'start' })).toEqual([run('a')]);
    expect(queue.step({ type: 'finished', key: 'a' })).toEqual([run('b')]);
    expect(queue.step({ type: 'finished', key: 'b' })).toEqual([]);
  });

  it('runs a key exactly once more that was enqueued while it ran', () => {
    const queue = create(2);
    queue.step({ type: 'start' });
    expect(queue.step(enqueue('a'))).toEqual([run('a')]);
    expect(queue.step(enqueue('a'))).toEqual([]);
    expect(queue.step(enqueue('a'))).toEqual([]);
    expect(queue.step({ type: 'finished', key: 'a' })).toEqual([run('a')]);
    expect(queue.step({ type: 'finished', key: 'a' })).toEqual([]);
  });

  it('lets a busy key wait for its turn', () => {
    const queue = create();
    queue.step({ type: 'start' });
    for (const key of ['busy', 'x', 'y', 'busy']) queue.step(enqueue(key));
    expect(queue.step({ type: 'finished', key: 'busy' })).toEqual([run('x')]);
    expect(queue.step({ type: 'finished', key: 'x' })).toEqual([run('y')]);
    expect(queue.step({ type: 'finished', key: 'y' })).toEqual([run('busy')]);
  });

  it('waits longer after each failure in a row, and forgets them at a success', () => {
    const queue = create();
    queue.step({ type: 'start' });
    queue.step(enqueue('a'));
    expect(queue.step(failed('a', 50))).toEqual([{ type: 'arm', key: 'a', timer: 'retry', dueAt: 150 }]);
    expect(queue.step({ type: 'due', key: 'a', timer: 'retry' })).toEqual([run('a', 2)]);
    expect(queue.step(failed('a', 200))).toEqual([{ type: 'arm', key: 'a', timer: 'retry', dueAt: 400 }]);
    expect(queue.step({ type: 'due', key: 'a', timer: 'retry' })).toEqual([run('a', 3)]);
    queue.step({ type: 'finished', key: 'a' });
    expect(queue.step(enqueue('a'))).toEqual([run('a', 1)]);
  });

  it('tries a key at once that is enqueued during its backoff, and drops the retry', () => {
    const queue = create();
    queue.step({ type: 'start' });
    queue.step(enqueue('a'));
    queue.step(failed('a'));
    expect(queue.step(enqueue('a'))).toEqual([{ type: 'disarm', key: 'a', timer: 'retry' }, run('a', 2)]);
  });

  it('does not retry a key that gave up, but runs it when it is enqueued', () => {
    const queue = create();
    queue.step({ type: 'start' });
    queue.step(enqueue('a'));
    expect(queue.step({ type: 'gave-up', key: 'a' })).toEqual([]);
    expect(queue.counts).toEqual({ queued: 0, running: 0, delayed: 0 });
    expect(queue.step(enqueue('a'))).toEqual([run('a', 1)]);
  });

  it('keeps the earliest of several schedules, also through a run before it', () => {
    const queue = create();
    queue.step({ type: 'start' });
    const schedule = (dueAt: number) => queue.step({ type: 'schedule', key: 'a', dueAt });
    expect(schedule(100)).toEqual([{ type: 'arm', key: 'a', timer: 'scheduled', dueAt: 100 }]);
    expect(schedule(200)).toEqual([]);
    expect(schedule(40)).toEqual([{ type: 'arm', key: 'a', timer: 'scheduled', dueAt: 40 }]);
    queue.step(enqueue('a'));
    queue.step({ type: 'finished', key: 'a' });
    expect(queue.counts.delayed).toBe(1);
    expect(queue.step({ type: 'due', key: 'a', timer: 'scheduled' })).toEqual([run('a')]);
  });

  it('forgets what waits and takes nothing on after the stop', () => {
    const queue = create();
    queue.step({ type: 'start' });
    for (const key of ['a', 'b']) queue.step(enqueue(key));
    queue.step({ type: 'schedule', key: 'c', dueAt: 10 });
    expect(queue.step({ type: 'stop' })).toEqual([{ type: 'disarm', key: 'c', timer: 'scheduled' }]);
    expect(queue.step(enqueue('d'))).toEqual([]);
    expect(queue.step({ type: 'schedule', key: 'c', dueAt: 20 })).toEqual([]);
    expect(queue.step(failed('a'))).toEqual([]);
    expect(queue.counts).toEqual({ queued: 0, running: 0, delayed: 0 });
  });
});

type Move = { readonly act: 'enqueue' | 'schedule'; readonly key: string } | { readonly act: Ending };
type Ending = 'finished' | 'failed' | 'gave-up' | 'due';

const key = fc.constantFrom('a', 'b', 'c', 'd');
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ act: fc.constantFrom('enqueue' as const, 'schedule' as const), key }),
  fc.record({
    act: fc.constantFrom('finished' as const, 'failed' as const, 'gave-up' as const, 'due' as const),
  }),
);

describe('work queue, whatever the interleaving', () => {
  it('never runs a key twice at once or beyond its concurrency, and never loses a key', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(move, fc.nat()), { maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        (moves, concurrency) => {
          const queue = create(concurrency);
          const running = new Set<string>();
          const armed = new Set<string>();
          // Keys that were asked for since they last began to run.
          const owed = new Set<string>();
          const perform = (effects: WorkEffect[]) => {
            for (const effect of effects) {
              if (effect.type === 'run') {
                expect(running).not.toContain(effect.key);
                running.add(effect.key);
                owed.delete(effect.key);
                expect(running.size).toBeLessThanOrEqual(concurrency);
              } else if (effect.type === 'arm') armed.add(`${effect.timer} ${effect.key}`);
              else expect(armed.delete(`${effect.timer} ${effect.key}`)).toBe(true);
            }
          };
          const fire = (name: string) => {
            armed.delete(name);
            const [timer, of = ''] = name.split(' ');
            owed.add(of);
            perform(queue.step({ type: 'due', key: of, timer: timer === 'retry' ? 'retry' : 'scheduled' }));
          };
          const pick = (from: Set<string>, index: number) => [...from][index % from.size];

          perform(queue.step({ type: 'start' }));
          for (const [one, index] of moves) {
            if (one.act === 'enqueue') {
              owed.add(one.key);
              perform(queue.step(enqueue(one.key)));
            } else if (one.act === 'schedule') {
              perform(queue.step({ type: 'schedule', key: one.key, dueAt: index }));
            } else if (one.act === 'due') {
              const name = pick(armed, index);
              if (name !== undefined) fire(name);
            } else {
              const of = pick(running, index);
              if (of === undefined) continue;
              running.delete(of);
              if (one.act === 'failed') owed.add(of);
              perform(queue.step(one.act === 'failed' ? failed(of, index) : { type: one.act, key: of }));
            }
            expect(queue.counts.running).toBe(running.size);
            expect(queue.counts.delayed).toBe(armed.size);
          }

          // Let everything end well: whatever was owed must run.
          while (running.size > 0 || armed.size > 0) {
            const of = pick(running, 0);
            if (of !== undefined) {
              running.delete(of);
              perform(queue.step({ type: 'finished', key: of }));
            } else fire(pick(armed, 0) ?? '');
          }
          expect([...owed]).toEqual([]);
          expect(queue.counts).toEqual({ queued: 0, running: 0, delayed: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });
});
