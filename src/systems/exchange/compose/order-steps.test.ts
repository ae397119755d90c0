import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Step } from '../model/index.js';
import { strictestLimits } from './limits.js';
import { orderSteps } from './order-steps.js';

const step = (outputs: string[], first: boolean): Step => ({
  title: 'A step',
  role: 'dataProvider',
  takes: first ? 'source' : 'rows',
  gives: 'rows',
  outputs,
  builtIn: true,
});

/** All orders in which every step comes before its outputs, found by trying all permutations. */
function allOrders(outputs: ReadonlyMap<string, readonly string[]>): string[][] {
  const permute = (names: string[]): string[][] =>
    names.length === 0
      ? [[]]
      : names.flatMap((name) =>
          permute(names.filter((other) => other !== name)).map((rest) => [name, ...rest]),
        );
  return permute([...outputs.keys()]).filter((order) =>
    order.every((name, index) =>
      (outputs.get(name) ?? []).every((output) => !outputs.has(output) || order.indexOf(output) > index),
    ),
  );
}

const names = ['a', 'b', 'c', 'd', 'e'];

describe('orderSteps', () => {
  it('finds the one order there is, and refuses where there is none or another', () => {
    const graph = fc
      .record({ size: fc.integer({ min: 1, max: 5 }), edges: fc.array(fc.tuple(fc.nat(4), fc.nat(4))) })
      .map(({ size, edges }) => {
        const chosen = names.slice(0, size);
        const outputsOf = (index: number) =>
          edges.flatMap(([from, to]) => (from === index ? (names[to] ?? []) : []));
        return new Map(chosen.map((name, index) => [name, [...new Set(outputsOf(index))]]));
      });
    fc.assert(
      fc.property(graph, (outputs) => {
        const orders = allOrders(outputs);
        const first = orders.length === 1 ? orders[0]?.[0] : undefined;
        const steps = new Map([...outputs].map(([name, to]) => [name, step(to, name === first)]));
        if (orders.length === 1) expect(orderSteps(steps)).toEqual(orders[0]);
        else expect(() => orderSteps(steps)).toThrow(StarlingError);
      }),
      { numRuns: 300 },
    );
  });

  it('shows a cycle only, not what hangs on it', () => {
    const steps = new Map([
      ['a', step([], false)],
      ['b', step(['c', 'a'], false)],
      ['c', step(['d'], false)],
      ['d', step(['b'], false)],
    ]);
    expect(() => orderSteps(steps)).toThrow('The steps b → c → d → b form a cycle.');
  });

  it('refuses a step that does not take what comes to it', () => {
    const rows = new Map([['a', step([], false)]]);
    expect(() => orderSteps(rows)).toThrow('Step a takes rows, but it is the first.');
    const figures = new Map([
      ['a', { ...step(['b'], true), gives: 'aggregates' as const }],
      ['b', step([], false)],
    ]);
    expect(() => orderSteps(figures)).toThrow('Step b takes rows, but a gives aggregates.');
  });
});

describe('strictestLimits', () => {
  it('takes the smallest of each', () => {
    expect(strictestLimits([{ rows: 10, timeSeconds: 5 }, { rows: 20, jobHours: 1 }, {}])).toEqual({
      rows: 10,
      timeSeconds: 5,
      jobHours: 1,
    });
  });
});
