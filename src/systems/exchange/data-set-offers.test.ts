import { describe, expect, it } from 'vitest';
import type { AgentStatus, OfferedDataSet } from './agent/index.js';
import { dataSetOffers } from './data-set-offers.js';
import type { Agreement, DataSet } from './model/index.js';
import { consortium, openRelation, toCatalogue, wageGap } from './scenarios/consortium.js';

const runs = { warm: 0, working: 0, waiting: 0, max: 0, queue: 0, finished: 0, refused: 0, residentBytes: 0 };

/** What agents tell of themselves, of whom each has these data sets. */
function directory(byParty: Readonly<Record<string, readonly OfferedDataSet[]>>) {
  const statuses = Object.entries(byParty).map(
    ([party, dataSets]): AgentStatus => ({ party, online: true, dataSets, runs, weaknesses: [] }),
  );
  return { all: () => statuses.map((status) => ({ party: status.party, status: () => status })) };
}

function offersOf(
  dataSets: Readonly<Record<string, DataSet>>,
  byParty: Readonly<Record<string, readonly OfferedDataSet[]>> = {},
  agreements: Readonly<Record<string, Agreement>> = {},
) {
  return dataSetOffers(toCatalogue({ ...consortium(agreements), dataSets }), directory(byParty));
}

const imported = {
  dataSet: 'wageGap',
  fingerprint: '0123456789abcdef',
  file: '/agents/VU/data/wageGap-0123456789abcdef.duckdb',
  tables: {
    Personen: {
      rows: 18_600,
      columns: [{ name: 'Unieknr', type: 'VARCHAR' }],
      rejected: 2,
      rejects: [{ line: 7, reason: 'too few fields' }],
      bytes: 1_000_000,
      ms: 300,
    },
  },
  ms: 400,
  importedAt: '2026-03-02T09:00:00.000Z',
  reused: false,
};

const personen = {
  name: 'Personen',
  rows: 18_600,
  rejected: 2,
  rejects: [{ line: 7, reason: 'too few fields' }],
  columns: [{ name: 'Unieknr', type: 'VARCHAR' }],
};

describe('the offer of a data set', () => {
  it('says what may be asked of it', () => {
    const described: DataSet = {
      ...wageGap,
      description: 'Staff and their appointments.',
      measures: { 'Aanstellingen.Salschal': { title: 'Salary scale' }, 'Aanstellingen.Taakomv': {} },
    };
    expect(offersOf({ wageGap: { ...described, sources: {} } })).toEqual([
      {
        name: 'wageGap',
        title: 'Wage gap',
        description: 'Staff and their appointments.',
        unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
        measures: [
          { column: 'Aanstellingen.Salschal', title: 'Salary scale' },
          { column: 'Aanstellingen.Taakomv' },
        ],
        groups: ['Personen.Geslacht', 'Personen.Peildat', 'Aanstellingen.Peildat', 'Aanstellingen.HOOPgeb'],
        filters: ['Personen.Nationaliteit'],
        algorithms: [
          ...['average', 'count', 'sum', 'variance', 'histogram', 'quantiles', 'min', 'max'],
          ...['covariance', 'correlation', 'linearRegression', 'logisticRegression'],
        ],
        defaults: { algorithm: 'average', column: 'Aanstellingen.Salschal', groupBy: ['Personen.Geslacht'] },
        providers: [],
      },
    ]);
  });

  it('leaves out defaults and a description that are not declared', () => {
    const [offer] = offersOf({ bare: { ...wageGap, defaults: { from: 'Personen' } } });
    expect(offer?.defaults).toEqual({});
    expect(offer).not.toHaveProperty('description');
  });

  it('has each provider, by name, as its agent has the data set now', () => {
    const error = { code: 'data-set-unavailable', message: 'people.csv is not there.' } as const;
    const [offer] = offersOf(
      { wageGap },
      {
        VU: [
          { name: 'other', state: 'importing' },
          { name: 'wageGap', state: 'ready', imported },
        ],
        UVA: [{ name: 'wageGap', state: 'importing' }],
      },
    );
    expect(offer?.providers).toEqual([
      { party: 'RUG', state: 'offline', tables: [], requesters: [] },
      { party: 'UVA', state: 'importing', tables: [], requesters: [] },
      {
        party: 'VU',
        state: 'ready',
        importedAt: '2026-03-02T09:00:00.000Z',
        tables: [personen],
        requesters: [],
      },
    ]);
    const [failed] = offersOf({ wageGap }, { VU: [{ name: 'wageGap', state: 'failed', imported, error }] });
    expect(failed?.providers[2]).toEqual({
      party: 'VU',
      state: 'failed',
      error: 'people.csv is not there.',
      importedAt: '2026-03-02T09:00:00.000Z',
      tables: [personen],
      requesters: [],
    });
  });

  it('tells nothing of where a provider keeps its files', () => {
    const offers = offersOf({ wageGap }, { VU: [{ name: 'wageGap', state: 'ready', imported }] });
    expect(JSON.stringify(offers)).not.toContain('/agents/');
  });

  it('names those whom an agreement lets ask it, and in which form they get answers', () => {
    const elsewhere = { ...openRelation, dataSets: { other: { columns: { T: '*' as const } } } };
    const relations = {
      'grace@university.example': { ...openRelation, output: { form: 'rows' as const } },
      'ada@university.example': openRelation,
      'eve@university.example': elsewhere,
    };
    const [offer] = offersOf({ wageGap }, {}, { VU: { relations }, UVA: { relations: {} } });
    expect(offer?.providers.map(({ party, requesters }) => [party, requesters])).toEqual([
      ['RUG', []],
      ['UVA', []],
      [
        'VU',
        [
          { user: 'ada@university.example', form: 'aggregates' },
          { user: 'grace@university.example', form: 'rows' },
        ],
      ],
    ]);
  });
});

describe('offers', () => {
  it('do not name those whom an agreement denies, whatever relation they have', () => {
    const agreement = {
      relations: { 'ada@university.example': openRelation, 'mallory@university.example': openRelation },
      denied: { 'mallory@university.example': 'Earlier results were published.' },
    };
    const [offer] = offersOf({ wageGap }, {}, { VU: agreement });
    expect(offer?.providers[2]?.requesters).toEqual([{ user: 'ada@university.example', form: 'aggregates' }]);
  });

  it('come by name', () => {
    const names = offersOf({ wageGap, archive: wageGap, staff: wageGap }).map(({ name }) => name);
    expect(names).toEqual(['archive', 'staff', 'wageGap']);
  });
});
