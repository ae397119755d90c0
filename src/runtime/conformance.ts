import { describe, expect, it } from 'vitest';
import {
  type RuntimeHarness,
  serviceOf,
  until,
  untilHeard,
  untilReady,
  withRuntime,
} from './conformance/harness.js';
import type { LogLine } from './logs/log-line.js';

export type { Behaviour, RunningRuntime, RuntimeHarness } from './conformance/harness.js';

/**
 * The tests of the runtime port's promises, for any adapter. Call it in a test file of the adapter; it uses vitest, and
 * must not be imported by anything else.
 */
export function describeRuntime(name: string, harness: RuntimeHarness): void {
  describe(`runtime: ${name}`, () => {
    it(
      'runs as many instances as are wanted, each with an id of its own',
      withRuntime(harness, async ({ runtime, state }) => {
        await runtime.declare([serviceOf(harness, 'serves', { replicas: { desired: 2 } })], {
          source: 'test',
        });
        const { instances } = await untilReady(runtime, 'worker', 2);
        expect(instances.map(({ slot, restarts, generation }) => [slot, restarts, generation])).toEqual([
          [0, 0, 1],
          [1, 0, 1],
        ]);
        expect(new Set(instances.map(({ id }) => id)).size).toBe(2);
        const [entry] = (await state.list('instances/worker/')).entries;
        expect(entry?.value).toEqual(instances.find(({ id }) => entry?.key.endsWith(id)));
        expect(entry?.lease).toBeTypeOf('string');
      }),
    );

    it(
      'follows the number that is wanted, up and down, and remembers why',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'serves', { replicas: { max: 3 } })], { source: 'test' });
        const [first] = (await untilReady(runtime, 'worker', 1)).instances;
        await runtime.scale('worker', 3, { because: 'the queue is long' });
        const grown = await untilReady(runtime, 'worker', 3);
        expect(grown).toMatchObject({ desired: 3, scaled: true, because: 'the queue is long' });
        expect(grown.instances[0]).toEqual(first);
        await runtime.scale('worker', 1, { because: 'it is short again' });
        expect((await untilReady(runtime, 'worker', 1)).instances).toEqual([first]);
        await runtime.scale('worker', 0, { because: 'it is empty' });
        await until(runtime, 'worker', ({ instances }) => instances.length === 0);
      }),
    );

    it(
      'holds the number to the range, and knows what there is',
      withRuntime(harness, async ({ runtime }) => {
        const replicas = { desired: 1, min: 1, max: 3 };
        await runtime.declare([serviceOf(harness, 'serves', { replicas })], { source: 'test' });
        for (const wrong of [0, 4, 1.5]) {
          await expect(runtime.scale('worker', wrong, { because: 'x' })).rejects.toMatchObject({
            code: 'input-invalid',
            details: { min: 1, max: 3 },
          });
        }
        for (const call of [
          () => runtime.service('nobody'),
          () => runtime.scale('nobody', 1, { because: 'x' }),
          () => runtime.restart('nobody', { because: 'x' }),
          () => runtime.logs('nobody', {}),
        ]) {
          await expect(call()).rejects.toMatchObject({ code: 'not-found' });
        }
      }),
    );

    it(
      'replaces an instance that was killed',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'serves')], { source: 'test' });
        const [first] = (await untilReady(runtime, 'worker', 1)).instances;
        if (first === undefined) throw new Error('there is no instance');
        harness.murder(first);
        const { instances } = await until(
          runtime,
          'worker',
          ({ instances: [one] }) => one?.state === 'ended',
        );
        expect(instances[0]).toMatchObject({ id: first.id, cause: 'ended by SIGKILL' });
        harness.advance(500);
        const [second] = (await untilReady(runtime, 'worker', 1)).instances;
        expect(second).toMatchObject({ slot: 0, restarts: 1 });
        expect(second?.id).not.toBe(first.id);
      }),
    );

    it(
      'tries a program that fails again after longer and longer waits, and says what it said',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'fails')], { source: 'test' });
        for (const [restarts, ms] of [500, 1_000, 2_000].entries()) {
          const { instances } = await until(
            runtime,
            'worker',
            ({ instances: [one] }) => one?.state === 'ended' && one.restarts === restarts,
          );
          const [{ cause, endedAt = '', retryAt = '' } = { cause: '' }] = instances;
          expect(cause).toBe('ended with status 3; it said: no luck');
          expect(Date.parse(retryAt) - Date.parse(endedAt)).toBe(ms);
          harness.advance(ms);
        }
      }),
    );

    it(
      'kills an instance that does not end within its grace',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'hangs', { graceSeconds: 5 })], { source: 'test' });
        await untilReady(runtime, 'worker', 1);
        await runtime.scale('worker', 0, { because: 'enough' });
        await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'draining');
        harness.advance(5_000);
        await until(runtime, 'worker', ({ instances }) => instances.length === 0);
      }),
    );

    it(
      'holds an instance for ready once it answers what it is asked',
      withRuntime(harness, async ({ runtime }) => {
        const readiness = { http: '/well' };
        await runtime.declare([serviceOf(harness, 'answers', { readiness, replicas: { desired: 2 } })], {
          source: 'test',
        });
        await untilHeard(runtime, 'worker', 2);
        // it may have been asked before it listened
        harness.advance(1_000);
        await untilReady(runtime, 'worker', 2);
      }),
    );

    it(
      'replaces an instance that does not answer in time, or not well any more',
      withRuntime(harness, async ({ runtime }) => {
        const readiness = { http: '/unwell' };
        const worker = serviceOf(harness, 'answers', { readiness, startSeconds: 5 });
        await runtime.declare([worker], { source: 'test' });
        await untilHeard(runtime, 'worker', 1);
        harness.advance(5_000);
        const first = await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'ended');
        expect(first.instances[0]?.cause).toBe('killed: was not ready within 5 s; ended by SIGKILL');
        const liveness = { http: '/unwell', everySeconds: 2 };
        await runtime.declare([{ ...worker, readiness: 'started', liveness }], { source: 'test' });
        await untilReady(runtime, 'worker', 1);
        harness.advance(6_000);
        const second = await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'ended');
        expect(second.instances[0]?.cause).toBe('killed: gave no sign of life for 6 s; ended by SIGKILL');
      }),
    );

    it(
      'refuses one port for several instances',
      withRuntime(harness, async ({ runtime }) => {
        const worker = serviceOf(harness, 'answers', { readiness: { http: '/well', port: 9_000 } });
        await expect(runtime.declare([worker], { source: 'test' })).rejects.toMatchObject({
          code: 'configuration-invalid',
        });
      }),
    );

    it(
      'restarts every instance',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'serves', { replicas: { desired: 2 } })], {
          source: 'test',
        });
        const before = await untilReady(runtime, 'worker', 2);
        await runtime.restart('worker', { because: 'a new version' });
        const after = await until(
          runtime,
          'worker',
          ({ instances }) =>
            instances.length === 2 && instances.every((one) => one.state === 'ready' && one.generation === 2),
        );
        const ids = new Set([...before.instances, ...after.instances].map(({ id }) => id));
        expect(ids.size).toBe(4);
        expect(after).toMatchObject({ desired: 2, because: 'a new version' });
      }),
    );

    it(
      'removes what its source does not declare any more, and keeps the number that was asked for',
      withRuntime(harness, async ({ runtime, state }) => {
        const worker = serviceOf(harness, 'serves', { replicas: { max: 4 } });
        const other = serviceOf(harness, 'serves', { name: 'other' });
        await runtime.declare([worker, other], { source: 'test' });
        await runtime.declare([], { source: 'somebody else' });
        await untilReady(runtime, 'other', 1);
        await runtime.scale('worker', 2, { because: 'more' });
        await runtime.declare([{ ...worker, description: 'changed' }], { source: 'test' });
        expect((await runtime.services()).map(({ name }) => name)).toEqual(['worker']);
        const { desired, generation } = await until(
          runtime,
          'worker',
          ({ instances }) =>
            instances.length === 2 && instances.every((one) => one.state === 'ready' && one.generation === 2),
        );
        expect([desired, generation]).toEqual([2, 2]);
        const gone = new AbortController();
        const watch = state.watch('instances/other/', { signal: gone.signal });
        if ((await state.list('instances/other/')).entries.length > 0) {
          for await (const _change of watch) {
            if ((await state.list('instances/other/')).entries.length === 0) break;
          }
        }
        gone.abort();
        await expect(
          runtime.declare([serviceOf(harness, 'serves')], { source: 'a third' }),
        ).rejects.toMatchObject({ code: 'configuration-invalid' });
      }),
    );

    it(
      'keeps what instances write, and gives it to whoever follows',
      withRuntime(harness, async ({ runtime }) => {
        await runtime.declare([serviceOf(harness, 'serves')], { source: 'test' });
        const [first] = (await untilReady(runtime, 'worker', 1)).instances;
        const enough = new AbortController();
        const lines: LogLine[] = [];
        const following = (async () => {
          for await (const line of await runtime.logs('worker', { follow: true, signal: enough.signal })) {
            lines.push(line);
            if (lines.length === 2) enough.abort();
          }
        })();
        await runtime.restart('worker', { because: 'to hear it again' });
        await following;
        expect(lines.map(({ sequence, service, stream, text }) => [sequence, service, stream, text])).toEqual(
          [
            [1, 'worker', 'stdout', 'hello'],
            [2, 'worker', 'stdout', 'hello'],
          ],
        );
        expect(lines[0]?.instance).toBe(first?.id);
        expect(lines[1]?.instance).not.toBe(first?.id);
      }),
    );

    it(
      'drains its instances when it is closed, and takes their records with it',
      withRuntime(harness, async ({ runtime, state, close }) => {
        await runtime.declare([serviceOf(harness, 'serves', { replicas: { desired: 2 } })], {
          source: 'test',
        });
        await untilReady(runtime, 'worker', 2);
        await Promise.all([close(), close()]);
        expect((await state.list('instances/')).entries).toEqual([]);
        expect((await state.list('services/')).entries.map(({ key }) => key)).toEqual(['services/worker']);
      }),
    );
  });
}
