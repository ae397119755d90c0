import { describe, expect, it } from 'vitest';
import { AggregateStatements, algorithmNamed, decodeFingerprint, type PartialRow } from '../steps/index.js';
import { fingerprintRelease } from './fingerprint-release.js';

const aggregate = {
  algorithm: algorithmNamed('average'),
  measures: [{ name: 'Schaal', sql: 'c2', type: 'INTEGER' }],
  groups: [{ name: 'Geslacht', sql: 'c1' }],
  total: true,
  bins: undefined,
  units: ['c0'],
};
const statements = new AggregateStatements('SELECT Unieknr, Geslacht, Schaal FROM Personen', 3, aggregate);
const state = aggregate.algorithm.read([10, '1', 1]);
const group = (name: string, total = false): PartialRow => ({ group: total ? [null] : [name], total, state });

/** Makes the fingerprints of a release, where the database gives these columns. */
const made = (rows: readonly PartialRow[], columns: readonly (readonly unknown[])[]) =>
  fingerprintRelease({
    rule: { key: '0'.repeat(64), buckets: 256 },
    keys: 'whole',
    release: { rows, withheld: { groups: 0, total: false, minimumGroupSize: 10 } },
    aggregate,
    statements,
    run: async () => [['probe']],
    columns: async () => columns,
  });

describe('fingerprints of a release', () => {
  it('are of each released group, of all of them, and of a total with what was withheld', async () => {
    const columns = [
      ['M', 'M', 'V', 'X'],
      [0, 256, 0, 5],
      [7, 2, 4294967295, 11],
      [1, 2, 3, 4],
    ];
    const { personsForm, valuesForms, figures } = await made(
      [group('M'), group('V'), group('', true)],
      columns,
    );
    expect([personsForm, valuesForms]).toEqual(['probe whole', ['probe whole BIGINT']]);
    const read = figures.map(({ persons, values }) =>
      [persons, ...values].map((text) =>
        [...decodeFingerprint(text).entries()].filter(([, sum]) => sum !== 0),
      ),
    );
    expect(read).toEqual([
      [
        [
          [0, 7],
          [256, 2],
        ],
        [
          [0, 1],
          [256, 2],
        ],
      ],
      [[[0, 4294967295]], [[0, 3]]],
      // 7 + 4,294,967,295 is 6 modulo 2³²
      [
        [
          [0, 6],
          [256, 2],
        ],
        [
          [0, 4],
          [256, 2],
        ],
      ],
      [
        [
          [0, 6],
          [5, 11],
          [256, 2],
        ],
        [
          [0, 4],
          [5, 4],
          [256, 2],
        ],
      ],
    ]);
  });

  it('are refused of more groups than can be compared, with how many can be and what to do', async () => {
    const many = Array.from({ length: 3906 }, (_, position) => group(String(position)));
    await expect(made(many, [])).rejects.toMatchObject({
      code: 'release-refused',
      message:
        'The answer has more groups than can be held against earlier ones: 3905 of this size. Divide it by fewer columns, or by wider bins, or ask for a part of the groups at a time.',
      details: { mostGroups: 3905 },
    });
    expect((await made(many.slice(1), [[], [], [], []])).figures).toHaveLength(3906);
    const large = new Array<number>(500_001).fill(0);
    await expect(made([group('M')], [large, large, large, large])).rejects.toMatchObject({
      code: 'release-refused',
      details: { mostGroups: 1953 },
    });
  });
});
