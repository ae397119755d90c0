import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { StateHistory } from './history.js';
import type { StoreAnswer, StoreAsked, StoreCall } from './store-model.js';

const [a, b] = ['groups/1/a', 'groups/1/b'] as const;

function call(calledAt: number, at: number, asked: StoreAsked, answer?: StoreAnswer): StoreCall {
  const returned = answer === undefined ? {} : { returned: { at, answer } };
  return { client: `c${calledAt}`, asked, calledAt, ...returned };
}

const put = (key: string, value: string): StoreAsked => ({
  write: { compare: [], success: [{ put: key, value }] },
});
const entry = (key: string, value: string, modRevision: number, createRevision = modRevision) => ({
  ...{ key, value, modRevision, createRevision },
});
const batch = (revision: number, ...entries: ReturnType<typeof entry>[]) => ({
  revision,
  changes: entries.map((each) => ({ type: 'put', entry: each }) as const),
});

const first = call(0, 1, put(a, 'v1'), { succeeded: true, revision: 1 });
const second = call(2, 3, put(b, 'v2'), { succeeded: true, revision: 2 });
const unknown = call(4, 4, put(a, 'v3'));
const reading = call(
  5,
  6,
  { read: [a, b] },
  { entries: [entry(a, 'v3', 3, 1), entry(b, 'v2', 2)], revision: 3 },
);
const batches = [batch(1, entry(a, 'v1', 1)), batch(2, entry(b, 'v2', 2)), batch(3, entry(a, 'v3', 3, 1))];

const sound: StateHistory = {
  calls: [first, second, unknown, reading],
  refused: [{ client: 'c9', asked: put(a, 'v9'), code: 'storage-full' }],
  claims: [
    { client: 'c1', lock: 'l', value: 'h1', from: 0, to: 10 },
    { client: 'c2', lock: 'l', value: 'h2', from: 10, to: 20 },
    { client: 'c3', lock: 'm', value: 'h3', from: 5, to: 15 },
  ],
  lockReadings: [
    { lock: 'l', value: 'h1', calledAt: 1, at: 2 },
    { lock: 'l', value: undefined, calledAt: 9, at: 11 },
  ],
  watched: [
    { client: 'w1', batches },
    { client: 'w2', batches },
  ],
  final: { entries: [entry(a, 'v3', 3, 1), entry(b, 'v2', 2)], revision: 3 },
  surprises: [],
};

const same = (changed: typeof batches): Partial<StateHistory> => ({
  watched: [
    { client: 'w1', batches: changed },
    { client: 'w2', batches: changed },
  ],
});

const planted: readonly (readonly [string, Partial<StateHistory>, string, string])[] = [
  [
    'a stale read',
    { calls: [first, second, call(4, 5, { read: [a] }, { entries: [] })] },
    'wrong',
    'no order explains these calls of groups/1/a:\n    0.000–0.001 c0',
  ],
  [
    'half of a transaction',
    {
      calls: [
        call(
          0,
          1,
          {
            write: {
              compare: [],
              success: [
                { put: a, value: 'v1' },
                { put: b, value: 'v2' },
              ],
            },
          },
          { succeeded: true, revision: 1 },
        ),
        call(2, 3, { read: [a, b] }, { entries: [entry(a, 'v1', 1)], revision: 1 }),
      ],
    },
    'wrong',
    'no order explains',
  ],
  [
    'a conflict that was none',
    {
      calls: [
        call(
          0,
          1,
          { write: { compare: [{ key: a, modRevision: 0 }], success: [{ put: a, value: 'v1' }] } },
          { succeeded: false },
        ),
      ],
    },
    'wrong',
    'no order explains',
  ],
  [
    'a revision that goes back over keys that have nothing to do with one another',
    { calls: [call(0, 1, { read: ['x', 'y'] }, { entries: [], revision: 9 }), second] },
    'wrong',
    'the revision of the store went back',
  ],
  [
    'an acknowledged write that no watch tells of',
    same(batches.slice(1)),
    'lost',
    'told that groups/1/a is v1 in revision 1',
  ],
  [
    'a value that was written twice',
    same([...batches, batch(4, entry(a, 'v1', 4, 1))]),
    'doubled',
    'v1 was written in revisions 1 and 4',
  ],
  [
    'a value of nobody',
    same([...batches, batch(4, entry(a, 'v8', 4, 1))]),
    'wrong',
    'v8 is written, and nobody asked for it',
  ],
  [
    'a refused value',
    same([...batches, batch(4, entry(a, 'v9', 4, 1))]),
    'wrong',
    'v9 was refused, and is written',
  ],
  [
    'a watch out of order',
    same([batches[1], batches[0], batches[2]].flatMap((each) => each ?? [])),
    'wrong',
    'w1 was told of revision 1 after revision 2',
  ],
  [
    'changes of other revisions in a batch',
    same([{ revision: 1, changes: batches[1]?.changes ?? [] }, ...batches.slice(1)]),
    'wrong',
    'w1 was told of changes of other revisions in revision 1',
  ],
  [
    'a watch with a gap',
    {
      watched: [
        { client: 'w1', batches },
        { client: 'w2', batches: batches.slice(1) },
      ],
    },
    'wrong',
    'where w2 was told',
  ],
  [
    'a key that is gone at the end',
    { final: { entries: [entry(a, 'v3', 3, 1)], revision: 3 } },
    'lost',
    'groups/1/b is not there',
  ],
  [
    'a key that is another at the end',
    { final: { entries: [entry(a, 'v1', 1), entry(b, 'v2', 2)], revision: 3 } },
    'wrong',
    'groups/1/a is {',
  ],
  [
    'two holders of a lock',
    { claims: [...sound.claims, { client: 'c4', lock: 'l', value: 'h4', from: 19, to: 30 }] },
    'doubled',
    'h2 held l from 10.0 to 20.0 ms and h4 held l',
  ],
  [
    'two holders, the one within the other',
    {
      claims: [
        ...sound.claims,
        { client: 'c4', lock: 'l', value: 'h4', from: 12, to: 13 },
        { client: 'c5', lock: 'l', value: 'h5', from: 14, to: 15 },
      ],
    },
    'doubled',
    'h2 held l from 10.0 to 20.0 ms and h5 held l',
  ],
  [
    'a lock that was lost while its lease counted',
    { lockReadings: [{ lock: 'l', value: undefined, calledAt: 12, at: 13 }] },
    'lost',
    'h2 held l',
  ],
  ['a surprise', { surprises: ['client-1 cannot resume'] }, 'wrong', 'client-1 cannot resume'],
];

describe('the check of a history of the state', () => {
  it('finds nothing where every promise was kept', () => {
    expect(checkHistory(sound)).toEqual([]);
  });

  it.each(planted)('finds %s', (_name, change, kind, text) => {
    const problems = checkHistory({ ...sound, ...change }).filter((problem) => problem.kind === kind);
    expect(problems.map((problem) => problem.text).join('\n')).toContain(text);
  });

  it('shows the least of the calls that no order explains', () => {
    const other = call(0, 1, put(b, 'v7'), { succeeded: true, revision: 1 });
    const stale = call(6, 7, { read: [a] }, { entries: [entry(a, 'v1', 1)] });
    const overwrite = call(2, 3, put(a, 'v2'), { succeeded: true, revision: 2 });
    const fine = call(4, 5, { read: [a] }, { entries: [entry(a, 'v2', 2, 1)] });
    const after = call(8, 9, put(a, 'v3'), { succeeded: true, revision: 3 });
    const calls = [
      other,
      call(0, 1, put(a, 'v1'), { succeeded: true, revision: 1 }),
      overwrite,
      fine,
      stale,
      after,
    ];
    const [problem] = checkHistory({ ...sound, ...same([]), calls }).filter(({ text }) =>
      text.startsWith('no order'),
    );
    expect(problem?.text.split('\n')).toHaveLength(4);
  });
});
