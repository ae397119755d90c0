import { describe, expect, it } from 'vitest';
import { type JobWithRequests, jobPage, jobsPage } from './job-page.js';
import { madeComposition } from './made-composition.js';

const job: JobWithRequests = {
  id: 'ada-1',
  user: { id: 'ada@u.example' },
  state: 'revoked',
  revision: 1,
  composition: madeComposition,
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

describe('jobs', () => {
  it('are listed', () => {
    expect(jobsPage([job])).toMatchInlineSnapshot(`
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
