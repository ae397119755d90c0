import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../systems/exchange/agent/index.js';
import type { DryRun } from '../../systems/exchange/ask/request-record.js';
import type { DataSetOffer } from '../../systems/exchange/exchange-api.js';
import { agreementsPage } from './agreements-page.js';
import { dataSetPage, dataSetsPage } from './data-page.js';
import { dryRunPage } from './dry-run-page.js';
import { type JobWithRequests, jobPage, jobsPage } from './job-page.js';
import { plain } from './paint.js';
import { type PartyView, partiesPage, partyPage } from './party-page.js';
import { requestsPage } from './requests-page.js';
import { statusPage } from './status-page.js';

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

const job: JobWithRequests = {
  id: 'ada-1',
  user: { id: 'ada@u.example' },
  state: 'revoked',
  composition: {
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    archetype: 'federatedAggregate',
    computeProvider: 'SURF',
    askedSteps: ['sql-query'],
    chains: [
      {
        place: 'dataProvider',
        party: 'VU',
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
      },
      {
        place: 'computeProvider',
        party: 'SURF',
        steps: [{ step: 'sql-algorithm', mode: 'merge' }],
        releases: 'answer',
        receivesFrom: ['VU'],
        receives: 'partials',
        output: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
        limits: {},
      },
    ],
    notes: ['Groups of fewer than 10 persons are withheld.'],
  },
  createdAt: Date.UTC(2026, 0, 31, 12),
  expiresAt: Date.UTC(2026, 1, 1, 12),
  ended: { at: Date.UTC(2026, 0, 31, 13), because: 'The project has ended.' },
  openQuestions: [],
  questionsAsked: 1,
  history: [
    { sequence: 1, at: Date.UTC(2026, 0, 31, 12), type: 'created', cause: 'It was approved.' },
    { sequence: 2, at: Date.UTC(2026, 0, 31, 13), type: 'revoked', cause: 'The project has ended.' },
  ],
  requests: ['r-2', 'r-1'],
};

const agent: AgentStatus = {
  party: 'VU',
  online: true,
  dataSets: [{ name: 'wageGap', state: 'importing' }],
  runs: {
    warm: 1,
    working: 2,
    waiting: 3,
    max: 4,
    queue: 32,
    finished: 9,
    refused: 1,
    residentBytes: 98_000_000,
  },
  weaknesses: ['Runs are not cut off from the network.'],
};

const parties: PartyView[] = [
  { id: 'SURF', name: 'SURF', roles: ['computeProvider'] },
  { id: 'VU', name: 'Vrije Universiteit', roles: ['dataProvider', 'requester'], agent },
];

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

describe('jobs', () => {
  it('are listed', () => {
    expect(jobsPage([job], plain)).toMatchInlineSnapshot(`
      "job    state    user           data set  archetype           questions  ends
      ada-1  revoked  ada@u.example  wageGap   federatedAggregate          1  2026-01-31 13:00:00 UTC"
    `);
  });

  it('show chains, notes, requests and history', () => {
    expect(jobPage(job)).toMatchInlineSnapshot(`
      "Job ada-1: revoked since 2026-01-31 13:00:00 UTC: The project has ended.
      1 question of ada@u.example since 2026-01-31 12:00:00 UTC.

      Chains
        sqlDataRequest over wageGap as federatedAggregate, computed at SURF
        party  steps                                releases  of
        VU     sql-query → sql-algorithm (partial)  partials  groups of at least 10 persons
        SURF   sql-algorithm (merge)                answer    groups of at least 10 persons

      Notes
        - Groups of fewer than 10 persons are withheld.

      Requests
        r-2
        r-1

      History
        2026-01-31 12:00:00 UTC  created  It was approved.
        2026-01-31 13:00:00 UTC  revoked  The project has ended."
    `);
  });
});

describe('parties', () => {
  it('are listed', () => {
    expect(partiesPage(parties)).toMatchInlineSnapshot(`
      "party  name                roles                    agent   data sets            runs
      SURF   SURF                computeProvider          -       -                    -
      VU     Vrije Universiteit  dataProvider, requester  online  wageGap (importing)  1 warm, 2 of 4 working, 3
                                                                                       waiting, 1 refused"
    `);
  });

  it('show what their agents tell', () => {
    expect(parties.map((party) => partyPage(party)).join('\n\n')).toMatchInlineSnapshot(`
      "SURF: SURF
        roles  computeProvider
        agent  -

      VU: Vrije Universiteit
        roles      dataProvider, requester
        agent      online
        data sets  wageGap (importing)
        runs       1 warm, 2 of 4 working, 3 waiting, 1 refused, 98 MB each, 9 finished
        weaker     Runs are not cut off from the network."
    `);
  });
});

it('requests are listed with their outcome', () => {
  const common = {
    askedAt: '2026-01-31T12:00:05.000Z',
    user: { id: 'ada@u.example' },
    results: [],
    absent: [],
  };
  const links = { self: '', result: '', explanation: '', events: '' };
  const refused = [{ provider: 'RUG', reasons: [] }];
  const answered = { providers: ['VU'], computedAt: 'VU' };
  const page = requestsPage(
    [
      { ...common, links, id: 'r-3', state: 'running', refused: [] },
      {
        ...common,
        links,
        id: 'r-2',
        state: 'refused',
        refused,
        error: { code: 'request-refused', message: '' },
      },
      {
        ...common,
        links,
        id: 'r-1',
        state: 'answered',
        job: 'ada-1',
        tookMs: 31,
        archetype: 'computeToData',
        results: [answered],
        refused,
        absent: ['UVA'],
      },
    ],
    plain,
  );
  expect(page).toMatchInlineSnapshot(`
    "request  state     user           asked                    took   job    outcome
    r-3      running   ada@u.example  2026-01-31 12:00:05 UTC  -      -      -
    r-2      refused   ada@u.example  2026-01-31 12:00:05 UTC  -      -      request-refused
    r-1      answered  ada@u.example  2026-01-31 12:00:05 UTC  31 ms  ada-1  computeToData, 1 result, RUG refused, UVA absent"
  `);
});

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

it('the status is a page', () => {
  const status = {
    version: '0.1.0',
    startedAt: '2026-01-31T12:00:05.000Z',
    uptimeSeconds: 125,
    storage: '/srv/starling',
    memory: { residentBytes: 181_000_000 },
    parties: [
      { id: 'VU', name: 'VU', online: true },
      { id: 'UVA', name: 'UVA', online: false },
      { id: 'HOME', name: 'Home' },
    ],
    requests: { running: 2 },
    revision: 12,
  };
  expect(statusPage('http://127.0.0.1:8080', status)).toMatchInlineSnapshot(`
    "API            http://127.0.0.1:8080/api/v1
    Docs           http://127.0.0.1:8080/docs
    Version        0.1.0
    Up             2 min 5 s, since 2026-01-31 12:00:05 UTC
    Storage        /srv/starling
    Memory         181 MB resident, without runs
    Parties        VU online, UVA offline, HOME
    Requests       2 running
    Configuration  revision 12"
  `);
});

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
        archetype: 'federatedAggregate',
        computeProvider: 'SURF',
        providers: ['VU'],
        absent: ['UVA'],
        outputs: { VU: { ...output, minimumGroupSize: 10 } },
        considered: [],
      },
      composition: job.composition,
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
