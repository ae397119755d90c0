import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Composition } from '../compose/index.js';
import { decidedQuestion } from '../scenarios/decided-question.js';
import { applyJob } from './apply-job.js';
import { historyLimit, type Job, type JobCommand } from './job.js';
import { jobId } from './job-id.js';

const hourMs = 3_600_000;
const { question } = decidedQuestion();

function composition(...hours: (number | undefined)[]): Composition {
  return {
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    parts: [{ archetype: 'computeToData', providers: hours.map((_, index) => `P${index}`) }],
    askedSteps: ['sql-query'],
    notes: [],
    chains: hours.map((jobHours, index) => ({
      place: 'dataProvider',
      party: `P${index}`,
      archetype: 'computeToData',
      steps: [],
      releases: 'answer',
      receivesFrom: [],
      output: { form: 'rows', minimumGroupSize: 1, extremes: false },
      limits: jobHours === undefined ? {} : { jobHours },
      columns: {},
      agreementRevision: 1,
      agreementHash: 'h',
    })),
  };
}

function created(...hours: (number | undefined)[]): Job {
  return applyJob(undefined, {
    type: 'create',
    at: 0,
    id: 'ada-0000000f',
    question: { ...question, user: { id: 'ada' } },
    composition: composition(...hours),
  }).job;
}

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    return thrown instanceof StarlingError ? thrown.code : 'not ours';
  }
  return 'none';
};

describe('applyJob', () => {
  it('lives for the smallest jobHours, else for 24 hours', () => {
    expect(created(undefined).expiresAt).toBe(24 * hourMs);
    expect(created(12, undefined, 0.5).expiresAt).toBe(hourMs / 2);
  });

  it('returns the events that it adds to the history', () => {
    const job = created();
    const { job: asked, events } = applyJob(job, { type: 'ask', at: 5, question: 'q1' });
    expect(events).toEqual([
      { sequence: 2, at: 5, type: 'asked', cause: 'the first question', question: 'q1' },
    ]);
    expect(asked.history).toEqual([...job.history, ...events]);
    expect(asked.openQuestions).toEqual(['q1']);
    expect(job.openQuestions).toEqual([]);
  });

  it('never lives longer by being recomposed, and may live shorter', () => {
    const recompose = (hours: number) =>
      applyJob(created(4), { type: 'recompose', at: 1, composition: composition(hours), cause: 'changed' })
        .job;
    expect(recompose(8).expiresAt).toBe(4 * hourMs);
    expect(recompose(2).expiresAt).toBe(2 * hourMs);
    expect(recompose(2).composition).toEqual(composition(2));
  });

  it('records a failure also after its end, so that no question stays open', () => {
    const asked = applyJob(created(), { type: 'ask', at: 1, question: 'q1' }).job;
    const revoked = applyJob(asked, { type: 'revoke', at: 2, cause: 'withdrawn' }).job;
    const failed = applyJob(revoked, { type: 'failed', at: 3, question: 'q1', cause: 'stopped' }).job;
    expect(failed).toMatchObject({
      state: 'revoked',
      openQuestions: [],
      ended: { at: 2, because: 'withdrawn' },
    });
  });

  it('refuses what cannot be', () => {
    const job = created();
    const asked = applyJob(job, { type: 'ask', at: 1, question: 'q1' }).job;
    const again: JobCommand = { type: 'create', at: 0, id: job.id, question, composition: composition() };
    expect(code(() => applyJob(undefined, { type: 'expire', at: 1 }))).toBe('not-found');
    expect(code(() => applyJob(job, again))).toBe('revision-conflict');
    expect(code(() => applyJob(asked, { type: 'ask', at: 1, question: 'q1' }))).toBe('revision-conflict');
    expect(code(() => applyJob(job, { type: 'answered', at: 1, question: 'q9' }))).toBe('not-found');
    expect(code(() => applyJob(job, { type: 'ask', at: 24 * hourMs, question: 'q' }))).toBe('job-ended');
  });

  it('keeps a bounded history without gaps, and ends at most once, whatever comes', () => {
    const command: fc.Arbitrary<JobCommand> = fc.oneof(
      fc.record({ type: fc.constant('ask' as const), at: fc.nat(30 * hourMs), question: fc.string() }),
      fc.record({ type: fc.constant('expire' as const), at: fc.nat(30 * hourMs) }),
      fc.record({ type: fc.constant('revoke' as const), at: fc.nat(30 * hourMs), cause: fc.string() }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let job = created();
        let endings = 0;
        for (const next of commands) {
          try {
            const { job: after, events } = applyJob(job, next);
            endings += events.filter(({ type }) => type === 'expired' || type === 'revoked').length;
            job = after;
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(StarlingError);
          }
        }
        expect(endings).toBe(job.state === 'live' ? 0 : 1);
        expect(job.history.map(({ sequence }) => sequence)).toEqual(job.history.map((_, index) => index + 1));
      }),
    );
  });

  it('drops the oldest events beyond the limit', () => {
    let job = created();
    for (let index = 0; index < historyLimit; index++) {
      job = applyJob(job, { type: 'ask', at: index, question: `q${index}` }).job;
    }
    expect(job.history).toHaveLength(historyLimit);
    expect([job.history[0]?.sequence, job.history.at(-1)?.sequence]).toEqual([2, historyLimit + 1]);
  });
});

describe('jobId', () => {
  it('is readable, from the name or the local part of the id', () => {
    expect(jobId({ id: 'ada@university.example' }, '0a1b2c3d')).toBe('ada-0a1b2c3d');
    expect(jobId({ id: 'x', name: 'Prof. Zoë  van Dijk' }, '0a1b2c3d')).toBe('prof-zoe-van-dijk-0a1b2c3d');
    expect(jobId({ id: '_', name: '王' }, '0a1b2c3d')).toBe('user-0a1b2c3d');
  });

  it('always has the same form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
        expect(jobId({ id: 'ada', name }, 'ffffffff')).toMatch(
          /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-ffffffff$/,
        );
      }),
    );
  });

  it('takes 8 hex digits only', () => {
    expect(code(() => jobId({ id: 'ada' }, 'XYZ'))).toBe('internal');
  });
});
