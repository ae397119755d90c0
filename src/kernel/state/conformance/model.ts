import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../errors/index.js';
import type { Comparison, Entry, Json, Operation, State, Transaction } from '../state.js';
import { type StateHarness, take } from './harness.js';

interface Modelled {
  readonly entries: Map<string, Entry>;
  revision: number;
}

type Step =
  | { readonly type: 'put'; readonly key: string; readonly value: Json; readonly expected: Expected }
  | { readonly type: 'delete'; readonly key: string; readonly expected: Expected }
  | { readonly type: 'transaction'; readonly transaction: Transaction };

/** The condition of a write: none, the key's revision as it is, or another. */
type Expected = 'any' | 'right' | 'wrong' | 'missing';

const key = fc.constantFrom('a', 'a/1', 'a/2', 'b', 'é', '\uff61', '💡');
const value = fc.jsonValue({ maxDepth: 2 }).map((json): Json => JSON.parse(JSON.stringify(json)));
const expected = fc.constantFrom<Expected>('any', 'any', 'right', 'wrong', 'missing');
const operations = fc.uniqueArray(fc.oneof(fc.record({ put: key, value }), fc.record({ delete: key })), {
  maxLength: 4,
  selector: keyOf,
});
const compare = fc.array(
  fc.oneof(fc.record({ key, exists: fc.boolean() }), fc.record({ key, modRevision: fc.nat(12) })),
  { maxLength: 2 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value, expected }),
  fc.record({ type: fc.constant('delete' as const), key, expected }),
  fc.record({
    type: fc.constant('transaction' as const),
    transaction: fc.record({ compare, success: operations, failure: operations }),
  }),
);

/** Any sequence of writes against a model of a few lines. */
export function describeModel(harness: StateHarness): void {
  describe('as a model', () => {
    it('does what the model does, in results, contents and watched changes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const state = await harness.open();
          try {
            await compareWithModel(state, steps);
          } finally {
            await harness.dispose(state);
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}

async function compareWithModel(state: State, steps: readonly Step[]): Promise<void> {
  const model: Modelled = { entries: new Map(), revision: 0 };
  const revisions: number[] = [];
  for (const each of steps) {
    const before = model.revision;
    const wanted = applyToModel(model, transactionOf(model, each));
    expect(await applyToState(state, model, each, before)).toEqual(wanted);
    if (model.revision > before) revisions.push(model.revision);
  }
  const sorted = [...model.entries.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
  );
  expect(await state.list('')).toEqual({ entries: sorted, revision: model.revision });
  const batches = await take(state.watch('', { fromRevision: 1 }), revisions.length);
  expect(batches.map(({ revision }) => revision)).toEqual(revisions);
  const replayed = new Map<string, Entry>();
  for (const change of batches.flatMap(({ changes }) => changes)) {
    if (change.type === 'put') replayed.set(change.entry.key, change.entry);
    else replayed.delete(change.key);
  }
  expect([...replayed.values()].sort(byKey)).toEqual([...model.entries.values()].sort(byKey));
}

interface Result {
  readonly succeeded: boolean;
  readonly revision: number;
}

const conditions = new WeakMap<Step, number | undefined>();

function transactionOf(model: Modelled, each: Step): Transaction {
  if (each.type === 'transaction') return each.transaction;
  const actual = model.entries.get(each.key)?.modRevision ?? 0;
  const ifRevision = { any: undefined, right: actual, wrong: actual + 1, missing: 0 }[each.expected];
  conditions.set(each, ifRevision);
  const success: Operation[] = [
    each.type === 'put' ? { put: each.key, value: each.value } : { delete: each.key },
  ];
  return { compare: ifRevision === undefined ? [] : [{ key: each.key, modRevision: ifRevision }], success };
}

function applyToModel(model: Modelled, transaction: Transaction): Result {
  const succeeded = transaction.compare.every((comparison) => holds(model, comparison));
  const chosen = succeeded ? transaction.success : (transaction.failure ?? []);
  const effects = chosen.filter((operation) => 'put' in operation || model.entries.has(operation.delete));
  if (effects.length > 0) model.revision += 1;
  for (const operation of effects) {
    if ('delete' in operation) {
      model.entries.delete(operation.delete);
      continue;
    }
    const createRevision = model.entries.get(operation.put)?.createRevision ?? model.revision;
    const entry = { key: operation.put, value: operation.value, createRevision, modRevision: model.revision };
    model.entries.set(operation.put, entry);
  }
  return { succeeded, revision: model.revision };
}

function holds(model: Modelled, comparison: Comparison): boolean {
  const revision = model.entries.get(comparison.key)?.modRevision ?? 0;
  return 'exists' in comparison ? revision > 0 === comparison.exists : revision === comparison.modRevision;
}

async function applyToState(state: State, model: Modelled, each: Step, before: number): Promise<Result> {
  if (each.type === 'transaction') return state.transaction(each.transaction);
  const ifRevision = conditions.get(each);
  const options = ifRevision === undefined ? {} : { ifRevision };
  try {
    const write =
      each.type === 'put' ? state.put(each.key, each.value, options) : state.delete(each.key, options);
    return { succeeded: true, revision: await write };
  } catch (thrown) {
    if (!(thrown instanceof StarlingError) || thrown.code !== 'revision-conflict') throw thrown;
    expect(model.revision).toBe(before);
    return { succeeded: false, revision: before };
  }
}

function keyOf(operation: Operation): string {
  return 'put' in operation ? operation.put : operation.delete;
}

function byKey(a: Entry, b: Entry): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}
