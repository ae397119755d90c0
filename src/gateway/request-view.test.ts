import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../systems/exchange/index.js';
import { requestView } from './request-view.js';
import { requestSchema } from './schemas/request.js';

const at = Date.UTC(2030, 0, 31, 12);

const record: RequestRecord = {
  id: 'r-2govd5415d2fa',
  followUp: false,
  state: 'running',
  user: { id: 'ada@university.example' },
  question: {
    user: { id: 'ada@university.example' },
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    dataProviders: ['VU'],
    query: 'SELECT 1',
    queryGiven: false,
    options: [],
    limits: {},
    form: 'aggregates',
  },
  receivedAt: at,
  decisions: [],
  runs: [],
  crossings: [],
  results: [],
  events: [],
};

const table = {
  columns: ['Geslacht', 'average'],
  rows: [{ Geslacht: 'M', average: 11.5 }],
  withheld: { groups: 1, total: false, minimumGroupSize: 10 },
};

const path = '/api/v1/requests/r-2govd5415d2fa';

describe('requestView', () => {
  it('of a request that runs tells who asked, when, and where to follow it', () => {
    expect(requestView(record)).toEqual({
      id: 'r-2govd5415d2fa',
      state: 'running',
      user: { id: 'ada@university.example' },
      askedAt: '2030-01-31T12:00:00.000Z',
      results: [],
      refused: [],
      absent: [],
      links: {
        self: path,
        result: `${path}/result`,
        explanation: `${path}/explanation`,
        events: `${path}/events`,
      },
    });
  });

  it('of an answered one has the figures, and of released rows only how many there are and where', () => {
    const view = requestView({
      ...record,
      job: 'ada-0f3b2c1d',
      state: 'answered',
      endedAt: at + 54,
      keptUntil: at + 3_600_000,
      results: [
        { providers: ['VU'], computedAt: 'VU', table, named: { men: 11.5 } },
        { providers: ['UVA'], computedAt: 'UVA', rows: { columns: ['Gebdat'], rows: 5, bytes: 900 } },
        { providers: ['RUG'], computedAt: 'RUG', error: { code: 'run-died', message: 'It ended.' } },
      ],
    });
    expect(view).toMatchObject({
      endedAt: '2030-01-31T12:00:00.054Z',
      tookMs: 54,
      keptUntil: '2030-01-31T13:00:00.000Z',
      links: { job: '/api/v1/jobs/ada-0f3b2c1d' },
    });
    expect(view.results).toEqual([
      {
        providers: ['VU'],
        computedAt: 'VU',
        ...table,
        named: { men: 11.5 },
        link: `${path}/result?result=0`,
      },
      {
        providers: ['UVA'],
        computedAt: 'UVA',
        columns: ['Gebdat'],
        rows: 5,
        link: `${path}/result?result=1`,
      },
      { providers: ['RUG'], computedAt: 'RUG', error: { code: 'run-died', message: 'It ended.' } },
    ]);
    expect(requestSchema.safeParse(view).error).toBeUndefined();
  });

  it('tells who refused and why, and who was absent', () => {
    const reasons = [{ code: 'no-relation', message: 'RUG has no relation with ada.' }] as const;
    const view = requestView({
      ...record,
      decisions: [{ provider: 'RUG', approved: false, reasons }],
      placement: {
        parts: [{ archetype: 'computeToData', providers: ['VU'] }],
        absent: ['UVA'],
        outputs: {},
        considered: [],
      },
    });
    expect([view.refused, view.absent, view.archetype]).toEqual([
      [{ provider: 'RUG', reasons }],
      ['UVA'],
      'computeToData',
    ]);
  });

  it('leads to no answer that is gone', () => {
    const results = [{ providers: ['VU'], computedAt: 'VU' }];
    const view = requestView({ ...record, state: 'answered', answerGone: true, results });
    expect(view.results).toEqual(results);
  });

  it('says nothing of an unexpected error', () => {
    const error = { code: 'internal', message: 'TypeError: secret', details: { secret: 1 } } as const;
    const view = requestView({
      ...record,
      state: 'failed',
      error,
      results: [{ providers: [], computedAt: '', error }],
    });
    expect(view.error?.code).toBe('internal');
    expect(JSON.stringify(view)).not.toContain('secret');
  });
});
