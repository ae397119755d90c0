import { expect, it } from 'vitest';
import { agreementsPage } from './agreements-page.js';

it('agreements are listed by requester', () => {
  const base = { revision: 7, source: 'file', changedAt: '2026-01-31T12:00:05.000Z' } as const;
  const relation = {
    requestTypes: ['sqlDataRequest'],
    dataSets: {},
    archetypes: ['computeToData', 'federatedAggregate'],
    output: { form: 'aggregates' as const },
    expires: '2027-06-30',
  };
  const page = agreementsPage([
    { ...base, name: 'RUG', value: { relations: {} } },
    {
      ...base,
      name: 'VU',
      value: { relations: { 'ada@u.example': relation }, denied: { 'mallory@u.example': 'No consent.' } },
    },
  ]);
  expect(page).toMatchInlineSnapshot(`
    "provider  revision  written                         requester          gets
    RUG       7         2026-01-31 12:00:05 UTC (file)  -                  nobody gets anything
    VU        7         2026-01-31 12:00:05 UTC (file)  ada@u.example      aggregates as computeToData or
                                                                           federatedAggregate, until 2027-06-30
                                                        mallory@u.example  nothing: No consent."
  `);
});
