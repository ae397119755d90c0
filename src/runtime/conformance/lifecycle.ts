import { expect, it } from 'vitest';
import type { LogLine } from '../logs/log-line.js';
import { type RuntimeHarness, serviceOf, until, untilReady, withRuntime } from './harness.js';

/** Services that are declared no more, what instances write, and their end. */
export function describeLifecycle(harness: RuntimeHarness): void {
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
      expect(lines.map(({ sequence, service, stream, text }) => [sequence, service, stream, text])).toEqual([
        [1, 'worker', 'stdout', 'hello'],
        [2, 'worker', 'stdout', 'hello'],
      ]);
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
}
