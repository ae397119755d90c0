import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../systems/exchange/ask/request-record.js';
import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import { chainPicture } from './chain-picture.js';
import { explanationPage } from './explanation-page.js';

const run = (party: string, more: Partial<RunRecord> = {}): RunRecord => ({
  party,
  place: 'dataProvider',
  archetype: 'federatedAggregate',
  steps: [
    { step: 'sql-query', mode: 'whole' },
    { step: 'sql-algorithm', mode: 'partial' },
  ],
  state: 'done',
  startedAt: 1000,
  endedAt: 1012,
  waitedMs: 0.31,
  phases: [
    { name: 'bind', ms: 1.24 },
    { name: 'execute', ms: 6 },
  ],
  statement: 'SELECT avg(c0) FROM x',
  read: ['Aanstellingen.Salschal'],
  ...more,
});

const federated: Explanation = {
  request: 'r-1',
  job: 'ada-1',
  state: 'answered',
  askedBy: { id: 'ada@university.example', name: 'Ada' },
  askedAt: '2026-01-31T12:00:05.000Z',
  tookMs: 31,
  question: {
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    query: 'SELECT Salschal FROM Aanstellingen',
    queryGiven: false,
    algorithm: {
      name: 'average',
      column: 'Aanstellingen.Salschal',
      groupBy: ['Personen.Geslacht'],
      total: true,
    },
    options: ['anonymize'],
  },
  providers: [
    {
      provider: 'RUG',
      outcome: 'refused',
      because: ['RUG has no relation with ada@university.example.'],
    },
    {
      provider: 'UVA',
      outcome: 'took part',
      because: ['The relation of UVA allows it.'],
      agreementRevision: 7,
      minimumGroupSize: 5,
      withheldGroups: 2,
    },
    { provider: 'VU', outcome: 'absent', because: ['Its agent was offline.'] },
  ],
  archetypes: [
    { name: 'federatedAggregate', chosen: true, because: [] },
    { name: 'computeToData', chosen: false, because: ['the request insists on federatedAggregate'] },
  ],
  parts: [{ archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['UVA', 'VU'] }],
  chains: [
    run('UVA'),
    run('VU'),
    run('SURF', {
      place: 'computeProvider',
      steps: [{ step: 'sql-algorithm', mode: 'merge' }],
      phases: [{ name: 'merge', ms: 0.5 }],
      read: [],
    }),
  ],
  crossings: [
    { from: 'UVA', to: 'SURF', what: 'partials', rows: 3, bytes: 310 },
    { from: 'VU', to: 'SURF', what: 'partials', rows: 3, bytes: 1305 },
    { from: 'SURF', to: 'requester', what: 'answer', rows: 3, bytes: 214 },
  ],
  notes: ['Groups of fewer than 10 persons are withheld.'],
};

describe('chainPicture', () => {
  it('draws providers side by side above the party that computes', () => {
    expect(chainPicture(federated, 100)).toMatchInlineSnapshot(`
      "┌─ UVA ────────────────────────────┐  ┌─ VU ─────────────────────────────┐
      │ sql-query                        │  │ sql-query                        │
      │ sql-algorithm (partial)          │  │ sql-algorithm (partial)          │
      └──────────────────────────────────┘  └──────────────────────────────────┘
                       │ partials: 3 rows                    │ partials: 3 rows
                       │ 310 bytes                           │ 1.3 kB
                       ▼                                     ▼
      ┌─ SURF ─────────────────────────────────────────────────────────────────┐
      │ sql-algorithm (merge)                                                  │
      └────────────────────────────────────────────────────────────────────────┘
                                          │ answer: 3 rows
                                          │ 214 bytes
                                          ▼
      ┌─ requester ada@university.example ─────────────────────────────────────┐
      └────────────────────────────────────────────────────────────────────────┘"
    `);
  });

  it('draws them below one another where the width is small', () => {
    expect(chainPicture(federated, 40)).toMatchInlineSnapshot(`
      "┌─ UVA ────────────────────────────┐
      │ sql-query                        │
      │ sql-algorithm (partial)          │
      └──────────────────────────────────┘
                       │ partials: 3 rows
                       │ 310 bytes
                       ▼ to SURF

      ┌─ VU ─────────────────────────────┐
      │ sql-query                        │
      │ sql-algorithm (partial)          │
      └──────────────────────────────────┘
                       │ partials: 3 rows
                       │ 1.3 kB
                       ▼
      ┌─ SURF ─────────────────────────────┐
      │ sql-algorithm (merge)              │
      └────────────────────────────────────┘
                        │ answer: 3 rows
                        │ 214 bytes
                        ▼
      ┌─ requester ada@university.example ─┐
      └────────────────────────────────────┘"
    `);
  });

  it('shows what each provider released to the requester, and where nothing was', () => {
    const own: Explanation = {
      ...federated,
      chains: [
        run('UVA', { steps: [{ step: 'sql-query', mode: 'whole' }] }),
        run('VU', { state: 'failed', error: { code: 'time-limit', message: 'It took too long.' } }),
      ],
      crossings: [{ from: 'UVA', to: 'requester', what: 'rows', rows: 1200, bytes: 34_000 }],
    };
    expect(chainPicture(own, 100)).toMatchInlineSnapshot(`
      "┌─ UVA ────────────────────┐  ┌─ VU ─────────────────────┐
      │ sql-query                │  │ sql-query                │
      └──────────────────────────┘  │ sql-algorithm (partial)  │
                   │ 1,200 rows     └──────────────────────────┘
                   │ 34 kB                       │ nothing:
                   │                             │ time-limit
                   ▼                             ✗
      ┌─ requester ada@university.example ─────────────────────┐
      └────────────────────────────────────────────────────────┘"
    `);
  });

  it('shows a provider that computes for others at both places', () => {
    const chains = [
      run('UVA'),
      run('VU'),
      run('VU', { place: 'computeProvider', steps: [{ step: 'sql-algorithm', mode: 'merge' }] }),
    ];
    const crossing = { what: 'partials', rows: 3, bytes: 310 } as const;
    const crossings: Explanation['crossings'] = [
      { from: 'VU', to: 'requester', what: 'answer', rows: 3, bytes: 214 },
      { ...crossing, from: 'UVA', to: 'VU' },
      { ...crossing, from: 'VU', to: 'VU' },
    ];
    const parts = [{ archetype: 'federatedAggregate', computeProvider: 'VU', providers: ['UVA', 'VU'] }];
    expect(chainPicture({ ...federated, parts, chains, crossings }, 100)).toMatchInlineSnapshot(`
      "┌─ UVA ────────────────────────────┐  ┌─ VU ─────────────────────────────┐
      │ sql-query                        │  │ sql-query                        │
      │ sql-algorithm (partial)          │  │ sql-algorithm (partial)          │
      └──────────────────────────────────┘  └──────────────────────────────────┘
                       │ partials: 3 rows                    │ partials: 3 rows
                       │ 310 bytes                           │ 310 bytes
                       ▼                                     ▼
      ┌─ VU ───────────────────────────────────────────────────────────────────┐
      │ sql-algorithm (merge)                                                  │
      └────────────────────────────────────────────────────────────────────────┘
                                          │ answer: 3 rows
                                          │ 214 bytes
                                          ▼
      ┌─ requester ada@university.example ─────────────────────────────────────┐
      └────────────────────────────────────────────────────────────────────────┘"
    `);
  });

  it('is empty where nothing ran', () => {
    expect(chainPicture({ ...federated, chains: [] }, 100)).toBe('');
  });
});

describe('explanationPage', () => {
  it('tells everything about an answered request', () => {
    expect(explanationPage(federated)).toMatchInlineSnapshot(`
      "Request r-1: answered after 31 ms
      Asked by Ada (ada@university.example) at 2026-01-31 12:00:05 UTC. It is part of job ada-1.

      Question
        Average of Aanstellingen.Salschal by Personen.Geslacht, with the total, of wageGap (sqlDataRequest), with
        anonymize.
        The data set's own query:
          SELECT Salschal FROM Aanstellingen

      Providers
        RUG  refused                 RUG has no relation with ada@university.example.
        UVA  took part  agreement 7  The relation of UVA allows it.
                                     Groups of fewer than 5 persons do not leave.
                                     Withheld: 2 groups.
        VU   absent                  Its agent was offline.

      Archetypes
        federatedAggregate  chosen      SURF computes.
        computeToData       not chosen  the request insists on federatedAggregate

      What ran, and what crossed a border
        ┌─ UVA ────────────────────────────┐  ┌─ VU ─────────────────────────────┐
        │ sql-query                        │  │ sql-query                        │
        │ sql-algorithm (partial)          │  │ sql-algorithm (partial)          │
        └──────────────────────────────────┘  └──────────────────────────────────┘
                         │ partials: 3 rows                    │ partials: 3 rows
                         │ 310 bytes                           │ 1.3 kB
                         ▼                                     ▼
        ┌─ SURF ─────────────────────────────────────────────────────────────────┐
        │ sql-algorithm (merge)                                                  │
        └────────────────────────────────────────────────────────────────────────┘
                                            │ answer: 3 rows
                                            │ 214 bytes
                                            ▼
        ┌─ requester ada@university.example ─────────────────────────────────────┐
        └────────────────────────────────────────────────────────────────────────┘

      Times
        ms          waiting  bind  execute  merge  other  in all
        UVA   done      0.3   1.2        6      -    4.5      12
        VU    done      0.3   1.2        6      -    4.5      12
        SURF  done      0.3     -        -    0.5   11.2      12

      Statements
        UVA
          reads Aanstellingen.Salschal
          SELECT avg(c0) FROM x
        VU
          reads Aanstellingen.Salschal
          SELECT avg(c0) FROM x
        SURF
          SELECT avg(c0) FROM x

      Notes
        - Groups of fewer than 10 persons are withheld."
    `);
  });

  it('tells of mixed archetypes who computes where, and of a partial answer who was left out', () => {
    const mixed: Explanation = {
      ...federated,
      providers: [
        { provider: 'UVA', outcome: 'took part', because: ['It allows it.'] },
        { provider: 'VU', outcome: 'left out', because: ['The answer is without it: its line broke.'] },
      ],
      archetypes: [
        {
          name: 'computeToData',
          chosen: true,
          because: ['is taken for RUG, since none is possible for all'],
        },
        { name: 'federatedAggregate', chosen: true, because: ['is taken for UVA, VU with SURF'] },
      ],
      parts: [
        { archetype: 'computeToData', providers: ['RUG'] },
        { archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['UVA', 'VU'] },
      ],
      chains: [],
      crossings: [],
      notes: [],
    };
    const page = explanationPage(mixed);
    expect(page.slice(page.indexOf('Providers'))).toMatchInlineSnapshot(`
      "Providers
        UVA  took part    It allows it.
        VU   left out     The answer is without it: its line broke.

      Archetypes
        computeToData       chosen  is taken for RUG, since none is possible for all
        federatedAggregate  chosen  is taken for UVA, VU with SURF
                                    SURF computes."
    `);
  });

  it('tells a refused request without what did not happen', () => {
    const refused: Explanation = {
      ...federated,
      state: 'refused',
      providers: federated.providers.slice(0, 1),
      archetypes: [],
      chains: [],
      crossings: [],
      notes: [],
      error: { code: 'request-refused', message: 'No provider allows it:\n  RUG has no relation.' },
    };
    const { job: _job, ...withoutJob } = refused;
    expect(explanationPage(withoutJob)).toMatchInlineSnapshot(`
      "Request r-1: refused after 31 ms
      Asked by Ada (ada@university.example) at 2026-01-31 12:00:05 UTC.

      Question
        Average of Aanstellingen.Salschal by Personen.Geslacht, with the total, of wageGap (sqlDataRequest), with
        anonymize.
        The data set's own query:
          SELECT Salschal FROM Aanstellingen

      Providers
        RUG  refused    RUG has no relation with ada@university.example.

      Error
        request-refused: No provider allows it:
          RUG has no relation."
    `);
  });
});
