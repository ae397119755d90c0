import { expect, it } from 'vitest';
import { requestsPage } from './requests-page.js';

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
  const page = requestsPage([
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
  ]);
  expect(page).toMatchInlineSnapshot(`
    "request  state     user           asked                    took   job    outcome
    r-3      running   ada@u.example  2026-01-31 12:00:05 UTC  -      -      -
    r-2      refused   ada@u.example  2026-01-31 12:00:05 UTC  -      -      request-refused
    r-1      answered  ada@u.example  2026-01-31 12:00:05 UTC  31 ms  ada-1  computeToData, 1 result, RUG refused,
                                                                             UVA absent"
  `);
});
