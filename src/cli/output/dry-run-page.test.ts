import { describe, expect, it } from 'vitest';
import type { DryRun } from '../../systems/exchange/ask/request-record.js';
import { dryRunPage } from './dry-run-page.js';
import { madeComposition } from './made-composition.js';

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
      composition: madeComposition,
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
