import { callLine } from '../../lab/calls.js';
import { isLinearizable } from '../../lab/linearizable.js';
import { minimalHistory } from '../../lab/minimal-history.js';
import type { Problem } from '../../lab/report.js';
import { type SeenRevisions, type StoreAsked, type StoreCall, storeModel } from './store-model.js';

/**
 * Whether all calls could have come one after the other. Calls are judged by themselves that share no key with others, which
 * comes to the same (Herlihy and Wing, 1990, theorem 1).
 */
export function checkCalls(calls: readonly StoreCall[], seen: SeenRevisions): Problem[] {
  const model = storeModel(seen);
  return separated(calls).flatMap((each): Problem[] => {
    const verdict = isLinearizable(model, each);
    if (verdict === 'linearizable') return [];
    if (verdict === 'undecided')
      return [{ kind: 'wrong', text: `${each.length} calls of ${keysOf(each)} have too many orders to try` }];
    const isBad = (part: readonly StoreCall[]) => isLinearizable(model, part) === 'not linearizable';
    const least = minimalHistory(each, isBad, (asked) => 'read' in asked);
    const origin = least[0]?.calledAt ?? 0;
    const lines = least.map((call) => `    ${callLine(call, origin)}`).join('\n');
    return [{ kind: 'wrong', text: `no order explains these calls of ${keysOf(least)}:\n${lines}` }];
  });
}

/** Calls by what they have to do with one another: two that name a key are in one part. */
export function separated(calls: readonly StoreCall[]): StoreCall[][] {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    const parent = parents.get(key) ?? key;
    if (parent === key) return key;
    const root = rootOf(parent);
    parents.set(key, root);
    return root;
  };
  for (const { asked } of calls) {
    const [first = '', ...others] = keysAsked(asked);
    for (const other of others) parents.set(rootOf(other), rootOf(first));
  }
  const parts = new Map<string, StoreCall[]>();
  for (const call of calls) {
    const root = rootOf(keysAsked(call.asked)[0] ?? '');
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [call]);
    else part.push(call);
  }
  return [...parts.values()];
}

function keysAsked(asked: StoreAsked): string[] {
  if ('read' in asked) return [...asked.read];
  const { compare, success, failure = [] } = asked.write;
  const written = [...success, ...failure].map((each) => ('put' in each ? each.put : each.delete));
  return [...new Set([...compare.map(({ key }) => key), ...written])];
}

function keysOf(calls: readonly StoreCall[]): string {
  return [...new Set(calls.flatMap(({ asked }) => keysAsked(asked)))].sort().join(', ');
}
