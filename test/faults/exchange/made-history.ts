import type { Change, ExchangeHistory, Operation, SeenRequest } from './history.js';

/** Parts of histories for the tests of the checks: one request at a time, from 100 to 110, that VU and UVA answered. */

export const all = ['computeToData', 'federatedAggregate', 'dataThroughTtp'];

/** A request as it was answered by both, each for itself. */
export const answered: SeenRequest = {
  id: 'r-1',
  state: 'answered',
  results: [
    { providers: ['VU'], archetype: 'computeToData', rows: [1] },
    { providers: ['UVA'], archetype: 'computeToData', rows: [2] },
  ],
  refused: [],
  absent: [],
};

/** One that was merged. */
export const merged: SeenRequest = {
  ...answered,
  results: [{ providers: ['UVA', 'VU'], archetype: 'federatedAggregate', rows: [3] }],
};

export const asked: Operation = {
  ...{ client: 'desk/0', kind: 'ask', calledAt: 100, at: 110, ending: 'acknowledged' },
  ...{ gateway: 'gateway', question: 'own', id: 'r-1', seen: answered },
};

/** A change by way of a gateway that was acknowledged. */
export function change(
  number: number,
  allowed: readonly string[],
  calledAt: number,
  more: Partial<Change> = {},
): Change {
  const plain = { provider: 'VU', isAtAgent: false, at: calledAt + 5, ending: 'acknowledged' } as const;
  return { ...plain, number, allowed, calledAt, ...more };
}

/** A history without anything wrong in it, but for what is said of it. */
export function history(
  operations: readonly Operation[],
  more: Partial<ExchangeHistory> = {},
): ExchangeHistory {
  const { changes = [] } = more;
  const made = changes.filter(({ provider }) => provider === 'VU').map(({ number }) => number);
  const ids = new Set(operations.flatMap(({ id }) => (id === undefined ? [] : [id])));
  return {
    ...{ operations, changes, faults: [], wallAheadMs: 0, leftRows: [], auditProblems: [] },
    versions: { VU: [0, ...made], UVA: [0] },
    right: new Map([
      ['VU', [1]],
      ['UVA', [2]],
      ['UVA,VU', [3]],
    ]),
    listed: [...ids].map((id) => ({ id, state: 'answered' })),
    ...more,
  };
}
