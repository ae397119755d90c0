import { describe, expect, it } from 'vitest';
import type { DryRun } from '../../systems/exchange/ask/request-record.js';
import type { Composition } from '../../systems/exchange/compose/index.js';
import { dryRunPage } from './dry-run-page.js';

const composition: Composition = {
  requestType: 'sqlDataRequest',
  dataSet: 'wageGap',
  parts: [{ archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['VU'] }],
  askedSteps: ['sql-query'],
  chains: [
    {
      place: 'dataProvider',
      party: 'VU',
      archetype: 'federatedAggregate',
      computeProvider: 'SURF',
      steps: [
        { step: 'sql-query', mode: 'whole' },
        { step: 'sql-algorithm', mode: 'partial' },
      ],
      releases: 'partials',
      receivesFrom: [],
      output: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
      limits: {},
      columns: {},
      agreementRevision: 7,
      agreementHash: 'h',
    },
    {
      place: 'computeProvider',
      party: 'SURF',
      archetype: 'federatedAggregate',
      steps: [{ step: 'sql-algorithm', mode: 'merge' }],
      releases: 'answer',
      receivesFrom: ['VU'],
      receives: 'partials',
      output: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
      limits: {},
    },
  ],
  notes: ['Groups of fewer than 10 persons are withheld.'],
};

describe('dryRunPage', () => {
  const question: DryRun['question'] = {
    user: { id: 'ada@u.example' },
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    dataProviders: ['RUG', 'UVA', 'VU'],
    query: 'SELECT 1',
    queryGiven: true,
    options: [],
    limits: {},
    form: 'aggregates',
    algorithm: { name: 'count', groupBy: [], total: false },
  };
  const refusal = {
    provider: 'RUG',
    approved: false,
    reasons: [{ code: 'no-relation', message: 'RUG has no relation with ada@u.example.' }],
  } as const;

  it('tells who would take part and what would run', () => {
    const output = { form: 'aggregates', minimumGroupSize: 5, extremes: false } as const;
    const approval = {
      approved: true,
      user: 'ada@u.example',
      agreementRevision: 7,
      agreementHash: 'h',
      archetypes: ['federatedAggregate'],
      computeProviders: ['SURF'],
      output,
      requiredSteps: [],
      columns: {},
      limits: {},
    } as const;
    const outcome: DryRun = {
      question,
      decisions: [refusal, { ...approval, provider: 'UVA' }, { ...approval, provider: 'VU' }],
      placement: {
        parts: [{ archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['VU'] }],
        absent: ['UVA'],
        outputs: { VU: { ...output, minimumGroupSize: 10 } },
        considered: [],
      },
      composition,
    };
    expect(dryRunPage(outcome)).toMatchInlineSnapshot(`
      "Count, of wageGap (sqlDataRequest)
        SELECT 1

        RUG  would refuse  RUG has no relation with ada@u.example.
        UVA  is offline    It would allow it, and be left out.
        VU   would allow   figures of groups of at least 10 persons

      It would run as federatedAggregate, computed at SURF:
        VU    sql-query → sql-algorithm (partial)  releases partials
        SURF  sql-algorithm (merge)                takes from VU, releases answer

      - Groups of fewer than 10 persons are withheld.

      Nothing was run."
    `);
  });

  it('tells why it would be refused', () => {
    const error = { code: 'request-refused', message: 'No provider allows it:\n  RUG …' } as const;
    expect(dryRunPage({ question, decisions: [refusal], error })).toMatchInlineSnapshot(`
      "Count, of wageGap (sqlDataRequest)
        SELECT 1

        RUG  would refuse  RUG has no relation with ada@u.example.

      It would be refused (request-refused).

      Nothing was run."
    `);
  });
});
