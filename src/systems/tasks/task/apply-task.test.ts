import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { applyTask, type Task, type TaskCommand } from './index.js';

const image = { hash: 'a'.repeat(64), bytes: 4, mediaType: 'image/png' };
const error = new StarlingError('input-invalid', 'The image is broken.').toRecord();
const lease = fc.constantFrom('l1', 'l2', 'l3');
const at = fc.nat(1000);

const command: fc.Arbitrary<TaskCommand> = fc.oneof(
  fc.record({ type: fc.constant('uploaded' as const), at, original: fc.constant(image) }),
  fc.record({
    type: fc.constant('take' as const),
    at,
    worker: fc.constantFrom('w1', 'w2'),
    lease,
    until: at,
    maxAttempts: fc.constant(3),
  }),
  fc.record({ type: fc.constant('extend' as const), at, lease, until: at }),
  fc.record({
    type: fc.constant('complete' as const),
    at,
    lease,
    result: fc.nat(9).map((digit) => ({ ...image, hash: `${digit}`.repeat(64) })),
  }),
  fc.record({
    type: fc.constant('fail' as const),
    at,
    lease,
    error: fc.constant(error),
    retryable: fc.boolean(),
    maxAttempts: fc.constant(3),
  }),
  fc.record({ type: fc.constant('give-back' as const), at, lease, cause: fc.constant('it is stopping') }),
  fc.record({ type: fc.constantFrom('cancel' as const, 'retry' as const), at, by: fc.constant('ada') }),
);

const created: TaskCommand = {
  type: 'create',
  at: 0,
  id: 't1',
  name: 'a.png',
  batch: 'b',
  filter: { name: 'invert', parameters: {} },
};

describe('the life of a task', () => {
  it('has one result at most, which never changes, and keeps to its states whatever comes', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let task: Task = applyTask(undefined, created);
        for (const one of commands) {
          const before = task;
          try {
            task = applyTask(task, one);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(StarlingError);
            continue;
          }
          if (before.state === 'done') expect(task).toBe(before);
          if (task.state === 'done') expect(one.type).toBe('complete');
          expect(task.result !== undefined).toBe(task.state === 'done');
          expect(task.lease !== undefined).toBe(task.state === 'leased');
          expect(task.attempts).toBeGreaterThanOrEqual(0);
          expect(task.attempts).toBeLessThanOrEqual(3);
          if (task.state === 'failed') expect(task.error).toBeDefined();
          expect(task.history.length).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  it('gives a result to nobody but the one that has the lease', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), lease, (commands, token) => {
        let task: Task = applyTask(undefined, created);
        for (const one of commands) {
          try {
            task = applyTask(task, one);
          } catch {
            // refused: the task is as it was
          }
        }
        const complete = () => applyTask(task, { type: 'complete', at: 0, lease: token, result: image });
        if (task.lease?.token === token) expect(complete().state).toBe('done');
        else expect(complete).toThrow(StarlingError);
      }),
    );
  });
});
