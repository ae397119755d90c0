import { describe, expect, it } from 'vitest';
import type { Partials } from '../steps/index.js';
import { mergeRound } from './merge-round.js';
import type { MergeOrder } from './order.js';

const withheld = { groups: 0, total: false, minimumGroupSize: 10 };
const limits = { timeMs: 1, memoryMegabytes: 1, rows: 1, resultBytes: 1 };
const order = (partials: readonly Partials[], changes: Partial<MergeOrder> = {}): MergeOrder => ({
  kind: 'merge',
  partials,
  minimumGroupSize: 10,
  limits,
  ...changes,
});
const of = (algorithm: string, state: object, changes: Partial<Partials> = {}): Partials => ({
  algorithm,
  groups: [],
  columns: ['y', 'x'],
  rows: [{ group: [], total: false, state: { rows: 20, ...state } }],
  withheld,
  ...changes,
});
const exact = (value: number) => ({ exact: String(value), scale: 0 });
/** Twenty rows, ten of them 1; x has the mean 3. */
const moments = { sums: [exact(10), exact(60)], products: [exact(10), exact(32), exact(200)] };
const fit = { round: 1, centres: [3], scales: [1], coefficients: [0, 0] };
const round = { logLikelihood: -27, gradient: [0, 4], information: [10, 0, 10] };

describe('what a compute provider makes of partials', () => {
  it('is the first round where the algorithm takes rounds', () => {
    const state = of('logisticRegression', moments);
    expect(mergeRound(order([state, state]))).toEqual({
      kind: 'round',
      fit: { round: 1, centres: [3], scales: [1], coefficients: [0, 0] },
    });
  });

  it('is the next round, and the answer where a step is small', () => {
    const state = of('logisticRegression', round, { fit });
    expect(mergeRound(order([state, state], { fit }))).toEqual({
      kind: 'round',
      fit: {
        ...fit,
        round: 2,
        coefficients: [0, expect.closeTo(0.4, 14)],
        previous: { coefficients: [0, 0], logLikelihood: -54 },
      },
    });
    const last = of('logisticRegression', { ...round, gradient: [0, 1e-10] }, { fit });
    expect(mergeRound(order([last], { fit }))).toMatchObject({
      kind: 'answer',
      table: {
        rows: [
          { term: '(intercept)', rows: 20 },
          { term: 'x', rounds: 1 },
        ],
      },
    });
  });

  it('is refused of another round than was asked for', () => {
    const state = of('logisticRegression', round, { fit });
    for (const asked of [{}, { fit: { ...fit, coefficients: [0, 1] } }]) {
      expect(() => mergeRound(order([state], asked))).toThrow(
        expect.objectContaining({ code: 'input-invalid', message: expect.stringContaining('another round') }),
      );
    }
  });

  it.each<[string, Partials]>([
    ['too few sums', of('covariance', { ...moments, sums: [exact(1)] })],
    ['too many products', of('covariance', { ...moments, products: [1, 2, 3, 4].map(exact) })],
    [
      'sums that are no whole numbers',
      of('linearRegression', { ...moments, sums: [{ double: 1 }, exact(2)] }),
    ],
    ['sums without products', of('correlation', { sums: moments.sums })],
    ['no moments at all', of('logisticRegression', {})],
    ['a short gradient', of('logisticRegression', { ...round, gradient: [1] }, { fit })],
    ['no information', of('logisticRegression', { ...round, information: [] }, { fit })],
    ['squares that are no whole numbers', of('variance', { sum: exact(1), squares: { double: 2 } })],
    ['an algorithm that there is not', of('secrets', { sum: exact(1) })],
    ['more groups', of('count', {}, { rows: [{ group: ['M'], total: false, state: { rows: 20 } }] })],
    ['buckets that no number is in', of('quantiles', { spans: [{ low: 190_000, high: 190_001, rows: 20 }] })],
    ['spans turned round', of('quantiles', { spans: [{ low: 100_001, high: 100_000, rows: 20 }] })],
    ['spans of other rows', of('quantiles', { spans: [{ low: 100_000, high: 100_000, rows: 19 }] })],
  ])('is refused of %s', (_, hostile) => {
    const asked = hostile.fit === undefined ? {} : { fit: hostile.fit };
    expect(() => mergeRound(order([hostile], asked))).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });

  it.each<[string, Partials]>([
    ['other columns', of('covariance', moments, { columns: ['y', 'z'] })],
    ['another algorithm', of('correlation', moments)],
    ['another group', of('covariance', moments, { groups: ['Geslacht'], rows: [] })],
  ])('is refused of %s beside what others sent', (_, hostile) => {
    const honest = of('covariance', moments);
    expect(mergeRound(order([honest, honest]))).toMatchObject({ kind: 'answer' });
    for (const partials of [
      [honest, hostile],
      [hostile, honest],
    ]) {
      expect(() => mergeRound(order(partials))).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    }
  });
});
