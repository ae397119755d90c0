import type { Composition } from '../../systems/exchange/compose/index.js';

/** VU computes partials, and SURF merges them; for tests. */
export const madeComposition: Composition = {
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
