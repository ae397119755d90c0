import { describe, expect, it } from 'vitest';
import type { DataSetOffer } from '../../systems/exchange/exchange-api.js';
import { dataSetPage, dataSetsPage } from './data-page.js';

const offer: DataSetOffer = {
  name: 'wageGap',
  title: 'Staff',
  description: 'One row per person.',
  unit: ['Personen.Unieknr'],
  measures: [{ column: 'Aanstellingen.Taakomv', title: 'Working hours', description: '10000 is full time.' }],
  groups: ['Personen.Geslacht'],
  filters: [],
  algorithms: ['average', 'count'],
  defaults: { algorithm: 'average', column: 'Aanstellingen.Taakomv', groupBy: ['Personen.Geslacht'] },
  providers: [
    { party: 'RUG', state: 'offline', tables: [], requesters: [] },
    {
      party: 'VU',
      state: 'ready',
      importedAt: '2026-01-31T12:00:05.000Z',
      tables: [
        {
          name: 'Personen',
          rows: 12_345,
          rejected: 3,
          rejects: [
            { line: 7, reason: 'it has 4 fields instead of 5' },
            { line: 1200, reason: 'it is not UTF-8' },
          ],
          columns: [
            { name: 'Unieknr', type: 'BIGINT' },
            { name: 'Geslacht', type: 'VARCHAR' },
          ],
        },
      ],
      requesters: [{ user: 'ada@u.example', form: 'aggregates' }],
    },
  ],
};

describe('data sets', () => {
  it('are listed with their providers', () => {
    expect(dataSetsPage([offer])).toMatchInlineSnapshot(`
      "data set  title  provider  state    tables
      wageGap   Staff  RUG       offline  -
                       VU        ready    Personen: 12,345 rows (3 lines rejected)

      What may be asked of one: starling data show NAME"
    `);
    expect(dataSetsPage([])).toBe('There are no data sets. They are declared in the configuration.');
  });

  it('show what may be asked, by whom, and rejected lines by number', () => {
    expect(dataSetPage(offer)).toMatchInlineSnapshot(`
      "wageGap: Staff
      One row per person.

      What may be asked
        algorithms   average, count
        measures     Aanstellingen.Taakomv – Working hours (10000 is full time.)
        groups       Personen.Geslacht
        filters      -
        persons are  Personen.Unieknr
        by default   average of Aanstellingen.Taakomv by Personen.Geslacht

      RUG: offline
        may be asked by  nobody

      VU: ready, read at 2026-01-31 12:00:05 UTC
        may be asked by  ada@u.example (aggregates)
        Personen         12,345 rows: Unieknr BIGINT, Geslacht VARCHAR
                         3 lines rejected:
                         line 7: it has 4 fields instead of 5
                         line 1200: it is not UTF-8
                         and 1 more"
    `);
  });
});
