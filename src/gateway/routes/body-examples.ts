import type { RequestBody } from '../../systems/exchange/model/index.js';

const user = { id: 'ada@university.example', name: 'Ada' };

/** Questions to ask of the example consortium. */
export const requestExamples = {
  default: {
    summary: 'The default question of the data set, of all that offer it',
    value: { user, dataSet: 'wageGap' },
  },
  average: {
    summary: 'Means by group, of two providers',
    value: {
      user,
      dataSet: 'wageGap',
      dataProviders: ['VU', 'UVA'],
      algorithm: { name: 'average', column: 'Salschal', groupBy: ['Geslacht'], total: true },
    },
  },
  federated: {
    summary: 'One merged answer of two providers, by a third party',
    value: {
      user,
      dataSet: 'wageGap',
      dataProviders: ['VU', 'UVA'],
      archetype: 'federatedAggregate',
      algorithm: { name: 'variance', column: 'Salschal', groupBy: [] },
    },
  },
  histogram: {
    summary: 'A histogram',
    value: {
      user,
      dataProviders: ['VU'],
      algorithm: { name: 'histogram', column: 'Taakomv', groupBy: [], bins: { width: 2000 } },
    },
  },
  query: {
    summary: 'SQL of one’s own, and an algorithm over it',
    value: {
      user,
      dataProviders: ['VU'],
      query: "SELECT Geslacht FROM Personen WHERE Gebdat >= '19800101'",
      algorithm: { name: 'count', groupBy: ['Geslacht'] },
    },
  },
  rows: {
    summary: 'Rows, for a person whose relation allows them',
    value: {
      user: { id: 'grace@university.example', name: 'Grace' },
      dataProviders: ['VU'],
      query: 'SELECT Geslacht, Gebdat FROM Personen LIMIT 5',
    },
  },
} as const satisfies Record<string, { summary: string; value: RequestBody }>;

/** Questions to ask of a job again. */
export const followUpExamples = {
  same: { summary: 'The default question again', value: { user } },
  count: {
    summary: 'Another question over the same data',
    value: { user, algorithm: { name: 'count', groupBy: ['Geslacht'] } },
  },
} as const satisfies Record<string, { summary: string; value: RequestBody }>;
