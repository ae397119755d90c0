import { expect, it } from 'vitest';
import { type RuntimeHarness, serviceOf, until, untilReady, withRuntime } from './harness.js';

/** How many instances there are: as many as are wanted, each with an id of its own. */
export function describeReplicas(harness: RuntimeHarness): void {
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
}
