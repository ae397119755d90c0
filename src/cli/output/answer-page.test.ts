import { describe, expect, it } from 'vitest';
import type { RequestView } from '../client/views.js';
import { answerPage, withheldText } from './answer-page.js';

const view: RequestView = {
  id: 'r-1',
  job: 'ada-1',
  state: 'answered',
  user: { id: 'ada@university.example' },
  askedAt: '2026-01-31T12:00:05.000Z',
  tookMs: 31.4,
  archetype: 'computeToData',
  results: [
    {
      providers: ['UVA'],
      computedAt: 'UVA',
      columns: ['Geslacht', 'total', 'average', 'rows'],
      rows: [
        { Geslacht: 'M', total: false, average: 11.25, rows: 1234 },
        { Geslacht: 'V', total: false, average: 10 / 3, rows: 987 },
        { Geslacht: null, total: true, average: 7.5, rows: 2221 },
      ],
      withheld: { groups: 2, total: false, minimumGroupSize: 5 },
    },
    {
      providers: ['VU'],
      computedAt: 'VU',
      error: { code: 'time-limit', message: 'The run at VU took longer than 60 s.' },
    },
  ],
  refused: [
    {
      provider: 'RUG',
      reasons: [
        { code: 'no-relation', message: 'RUG has no relation with ada@university.example.' },
        { code: 'columns', message: 'Nor would it allow the column.' },
      ],
    },
  ],
  absent: ['TUD'],
  links: {
    self: '/api/v1/requests/r-1',
    result: '/api/v1/requests/r-1/result',
    explanation: '/api/v1/requests/r-1/explanation',
    events: '/api/v1/requests/r-1/events',
  },
};

describe('answerPage', () => {
  it('has a table per result, what is withheld, and who did not take part', () => {
    expect(answerPage(view)).toMatchInlineSnapshot(`
      "UVA
      Geslacht    average  rows
      M         11.250000  1234
      V          3.333333   987
      total      7.500000  2221
      2 groups are withheld: each has fewer than 5 persons, or would tell of so few beside other answers.

      VU
      No answer (time-limit): The run at VU took longer than 60 s.

      RUG refused     RUG has no relation with ada@university.example.
                      Nor would it allow the column.
      TUD was absent  It allows the request, but its agent is offline; the answer is without it.

      Request r-1 was answered in 31 ms as computeToData."
    `);
  });

  it('says where several parties are in one result, and shows rows up to a number', () => {
    const rows = [{ a: 1 }, { a: 2 }, { a: 3 }];
    const merged: RequestView = {
      ...view,
      results: [{ providers: ['UVA', 'VU'], computedAt: 'SURF', columns: ['a'], rows }],
      refused: [],
      absent: [],
    };
    expect(answerPage(merged, { mostRows: 2 })).toMatchInlineSnapshot(`
      "UVA and VU, computed at SURF
      a
      1
      2
      … and 1 more row: \`starling requests save r-1 FILE.csv\` writes them all.

      Request r-1 was answered in 31 ms as computeToData."
    `);
  });

  it('says of a partial answer who is not in it, and of mixed archetypes which there are', () => {
    const rows = [{ a: 1 }];
    const error = { code: 'provider-unavailable' as const, message: 'The line to VU broke.' };
    const { archetype: _archetype, ...mixed } = view;
    const page = answerPage({
      ...mixed,
      results: [
        { providers: ['RUG'], computedAt: 'RUG', archetype: 'computeToData', columns: ['a'], rows },
        {
          providers: ['UVA'],
          computedAt: 'SURF',
          archetype: 'federatedAggregate',
          columns: ['a'],
          rows,
          absent: [{ provider: 'VU', error }],
        },
      ],
      refused: [],
      absent: [],
    });
    expect(page).toMatchInlineSnapshot(`
      "RUG
      a
      1

      UVA, computed at SURF
      Partial: without VU (provider-unavailable): The line to VU broke.
      a
      1

      Request r-1 was answered in 31 ms as computeToData and federatedAggregate."
    `);
  });

  it('tells the number of rows that were not read, and an empty answer', () => {
    const results = [
      { providers: ['VU'], computedAt: 'VU', columns: ['a'], rows: 12_000 },
      { providers: ['UVA'], computedAt: 'UVA', columns: ['a'], rows: [] },
    ];
    expect(answerPage({ ...view, results, refused: [], absent: [] })).toMatchInlineSnapshot(`
      "VU
      12,000 rows: \`starling requests save r-1 FILE.csv\` writes them all.

      UVA
      No rows.

      Request r-1 was answered in 31 ms as computeToData."
    `);
  });
});

it('answerPage tells an answer that is no longer kept, and a request that runs', () => {
  const ended: RequestView = { ...view, results: [], refused: [], absent: [] };
  expect(answerPage({ ...ended, keptUntil: '2026-01-31T13:00:05.000Z' })).toBe(
    'The answer is no longer there; it was kept until 2026-01-31 13:00:05 UTC. Ask again.\n\nRequest r-1 was answered in 31 ms as computeToData.',
  );
  const { tookMs: _tookMs, ...running } = ended;
  expect(answerPage({ ...running, state: 'running' })).toBe('Request r-1 is running as computeToData.');
});

describe('withheldText', () => {
  it.each([
    [undefined, undefined],
    [{ groups: 0, total: false, minimumGroupSize: 10 }, undefined],
    [
      { groups: 1, total: false, minimumGroupSize: 10 },
      '1 group is withheld: it has fewer than 10 persons, or would tell of so few beside other answers.',
    ],
    [
      { groups: 3, total: true, minimumGroupSize: 5 },
      '3 groups are withheld: each has fewer than 5 persons, or would tell of so few beside other answers. The total is withheld as well: beside the groups it would give away what is not shown.',
    ],
  ])('says of %j', (withheld, sentence) => {
    expect(withheldText(withheld)).toBe(sentence);
  });
});
