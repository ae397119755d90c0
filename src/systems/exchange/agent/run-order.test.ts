import { describe, expect, it } from 'vitest';
import type { ComputeProviderChain } from '../compose/index.js';
import type { Limits } from '../model/index.js';
import { wageGap } from '../scenarios/consortium.js';
import { type DecidedQuestion, decidedQuestion } from '../scenarios/decided-question.js';
import { madeClaims, partials, providerChain } from './made-order.js';
import { defaultLimits, mergeOrder, queryOrder } from './run-order.js';

const maximum = { memoryMegabytes: 1_024, timeSeconds: 3_600 };
const key = 'ab'.repeat(32);

function queryOf(decided: DecidedQuestion, most = maximum) {
  const claims = madeClaims(decided, 'VU');
  return queryOrder(claims.question, providerChain(claims), wageGap, '/data/wageGap.duckdb', key, most);
}

function mergeChain(decided: DecidedQuestion): ComputeProviderChain {
  const { chain } = madeClaims(decided, 'SURF');
  if (chain.place === 'computeProvider') return chain;
  throw new Error('SURF computes in this question.');
}

describe('the order for a query', () => {
  it('has the question, what may be read and what may leave', () => {
    const decided = decidedQuestion();
    expect(queryOf(decided)).toEqual({
      kind: 'query',
      database: '/data/wageGap.duckdb',
      query: decided.question.query,
      grant: { Personen: '*', Aanstellingen: '*' },
      declared: {
        unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
        measures: ['Aanstellingen.Salschal', 'Aanstellingen.Taakomv'],
        groups: wageGap.groups,
        filters: ['Personen.Nationaliteit'],
      },
      form: 'aggregates',
      minimumGroupSize: 10,
      extremes: false,
      algorithm: {
        name: 'average',
        column: 'Aanstellingen.Salschal',
        groupBy: ['Personen.Geslacht'],
        total: false,
        bins: undefined,
      },
      releases: 'answer',
      limits: { timeMs: 60_000, memoryMegabytes: 512, rows: 1_000_000, resultBytes: 100_000_000 },
    });
  });

  it('has the key only where the chain makes pseudonyms', () => {
    expect(queryOf(decidedQuestion({ options: { anonymize: true } })).anonymize).toEqual({
      rules: { 'Personen.Unieknr': { method: 'pseudonymize' } },
      key,
    });
    expect(JSON.stringify(queryOf(decidedQuestion()))).not.toContain(key);
  });

  it('has no algorithm where the chain has none: it asks for rows', () => {
    const rows = queryOf(
      decidedQuestion({ query: 'SELECT Geslacht FROM Personen' }, { relation: { output: { form: 'rows' } } }),
    );
    expect([rows.algorithm, rows.form, rows.minimumGroupSize]).toEqual([undefined, 'rows', 1]);
    expect(rows.query).toBe('SELECT Geslacht FROM Personen');
  });

  it('asks for partials where somebody else merges', () => {
    expect(queryOf(decidedQuestion({ archetype: 'federatedAggregate' })).releases).toBe('partials');
  });

  it('gives a histogram bins that start at 0 if nothing else is said', () => {
    const column = 'Aanstellingen.Taakomv';
    const asked = (bins?: { width: number; origin?: number }) =>
      queryOf(
        decidedQuestion({
          algorithm: { name: 'histogram', column, ...(bins === undefined ? {} : { bins }) },
        }),
      ).algorithm?.bins;
    expect(asked()).toEqual({ width: 1000, origin: 0 });
    expect(asked({ width: 5, origin: 2 })).toEqual({ width: 5, origin: 2 });
  });

  it('refuses a step that no program is known for', () => {
    const { question, ...claims } = madeClaims(decidedQuestion(), 'VU');
    const chain = providerChain(claims);
    const longer = { ...chain, steps: [...chain.steps, { step: 'translate', mode: 'whole' as const }] };
    expect(() => queryOrder(question, longer, wageGap, 'x', key, maximum)).toThrow(
      'No program is known for translate. Use the built-in steps: sql-query, sql-anonymize, sql-aggregate, sql-algorithm, sql-graph.',
    );
  });
});

describe('the limits of a run', () => {
  const limitsOf = (agreed: Limits, asked: { timeSeconds?: number }, most = maximum) =>
    queryOf(decidedQuestion({ limits: asked }, { relation: { limits: agreed } }), most).limits;

  it('are the strictest of agreement, request and agent', () => {
    expect(limitsOf({ timeSeconds: 30 }, { timeSeconds: 20 }).timeMs).toBe(20_000);
    expect(limitsOf({ timeSeconds: 10 }, { timeSeconds: 20 }).timeMs).toBe(10_000);
    const small = { memoryMegabytes: 128, timeSeconds: 5 };
    const limits = limitsOf(
      { timeSeconds: 30, memoryMegabytes: 400, rows: 7, resultMegabytes: 1.5 },
      {},
      small,
    );
    expect(limits).toEqual({ timeMs: 5_000, memoryMegabytes: 128, rows: 7, resultBytes: 1_500_000 });
  });

  it('are the defaults where nobody sets one, within what the agent gives', () => {
    expect(limitsOf({}, {})).toEqual({
      timeMs: defaultLimits.timeSeconds * 1_000,
      memoryMegabytes: defaultLimits.memoryMegabytes,
      rows: defaultLimits.rows,
      resultBytes: defaultLimits.resultMegabytes * 1_000_000,
    });
    expect(limitsOf({}, {}, { memoryMegabytes: 256, timeSeconds: 15 })).toMatchObject({
      timeMs: 15_000,
      memoryMegabytes: 256,
    });
  });
});

describe('the order for a merge', () => {
  it('has what the providers released, and the strictest of their limits', () => {
    const decided = decidedQuestion(
      { archetype: 'federatedAggregate' },
      { relation: { limits: { timeSeconds: 8 } } },
    );
    expect(mergeOrder(mergeChain(decided), [partials, partials], maximum)).toEqual({
      kind: 'merge',
      partials: [partials, partials],
      minimumGroupSize: 10,
      limits: { timeMs: 8_000, memoryMegabytes: 512, rows: 1_000_000, resultBytes: 100_000_000 },
    });
  });

  it('refuses a step that no program is known for', () => {
    const known = mergeChain(decidedQuestion({ archetype: 'federatedAggregate' }));
    const chain = { ...known, steps: [{ step: 'translate', mode: 'merge' as const }] };
    expect(() => mergeOrder(chain, [partials], maximum)).toThrow(/No program is known for translate/);
  });
});
