import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueEntry, CatalogueKind } from '../model/index.js';
import { consortium, openRelation, toCatalogue } from '../scenarios/consortium.js';
import { ada, askedAt, decidedQuestion } from '../scenarios/decided-question.js';
import { applyJob } from './apply-job.js';
import type { Job } from './job.js';
import { groundOf, JobIndex } from './job-index.js';
import { lostGround, nextTurn, recomposeJob } from './recompose.js';

const online = { VU: true, UVA: true, RUG: true, SURF: true };

function madeJob(body: Parameters<typeof decidedQuestion>[0] = {}): { job: Job; catalogue: Catalogue } {
  const { question, composition, catalogue } = decidedQuestion(body);
  const create = { type: 'create', at: askedAt, id: 'ada-00000001', question, composition } as const;
  return { job: applyJob(undefined, create).job, catalogue };
}

/** The catalogue with one object in other words, or without it. */
function changed(catalogue: Catalogue, kind: CatalogueKind, name: string, value: object | null): Catalogue {
  const entries = new Map<string, CatalogueEntry<unknown>>(catalogue[kind]);
  const entry = entries.get(name);
  if (value === null || entry === undefined) entries.delete(name);
  else entries.set(name, { ...entry, revision: entry.revision + 1, value });
  return { ...catalogue, [kind]: entries };
}

describe('recomposeJob', () => {
  it('leaves a job as it is where nothing changed, and where its parties are merely offline', () => {
    for (const archetype of ['computeToData', 'federatedAggregate']) {
      const { job, catalogue } = madeJob({ archetype });
      expect(recomposeJob(job, { catalogue, online, now: askedAt })).toEqual({ type: 'unchanged' });
      const away = { VU: false, UVA: false, RUG: false, SURF: false };
      expect(recomposeJob(job, { catalogue, online: away, now: askedAt })).toEqual({ type: 'unchanged' });
    }
  });

  it('leaves a job as it is whatever changes that it does not rest on', () => {
    const { job, catalogue } = madeJob({ dataProviders: ['VU'] });
    const index = new JobIndex();
    index.put(job);
    // the catalogue lets no step go that a request type names
    const objects = (['agreements', 'archetypes', 'parties', 'requestTypes'] as const).flatMap((kind) =>
      [...catalogue[kind].keys()].map((name) => ({ kind, name })),
    );
    const besides = objects.filter((one) => index.touchedBy([one]).size === 0);
    expect(besides).toContainEqual({ kind: 'agreements', name: 'UVA' });
    expect(besides).toContainEqual({ kind: 'archetypes', name: 'federatedAggregate' });
    fc.assert(
      fc.property(fc.subarray(besides), (removed) => {
        const now = removed.reduce((before, { kind, name }) => changed(before, kind, name, null), catalogue);
        const situation = { catalogue: now, online: { VU: true }, now: askedAt };
        expect(recomposeJob(job, situation)).toEqual({ type: 'unchanged' });
        expect(
          lostGround(decidedQuestion({ dataProviders: ['VU'] }).question, job.composition, situation),
        ).toBe(undefined);
      }),
    );
  });

  it('looks every name of the question up again in the data set', () => {
    const { job, catalogue } = madeJob();
    const { wageGap } = consortium().dataSets;
    const measures = { 'Aanstellingen.Taakomv': {} };
    const now = changed(catalogue, 'dataSets', 'wageGap', { ...wageGap, measures });
    const then = recomposeJob(job, { catalogue: now, online, now: askedAt });
    expect(then).toMatchObject({ type: 'revoke', cause: expect.stringContaining('Salschal') });
  });

  it('goes on without a party that is no party any more', () => {
    const { job, catalogue } = madeJob({ dataProviders: ['VU', 'UVA'] });
    const then = recomposeJob(job, {
      catalogue: changed(catalogue, 'parties', 'VU', null),
      online,
      now: askedAt,
    });
    expect(then).toMatchObject({ type: 'recompose', cause: 'VU is no party any more' });
  });

  it('revokes a job of which the question was not kept', () => {
    const { job, catalogue } = madeJob();
    const { question: _, ...old } = job;
    expect(recomposeJob(old, { catalogue, online, now: askedAt }).type).toBe('revoke');
  });

  it('settles: what it composed anew stays as it is', () => {
    const relation = fc.record({
      archetypes: fc.subarray(['computeToData', 'federatedAggregate'], { minLength: 1 }),
      computeProviders: fc.constantFrom([], ['SURF']),
      output: fc.record({
        form: fc.constant('aggregates' as const),
        minimumGroupSize: fc.integer({ min: 1, max: 30 }),
      }),
      requiredSteps: fc.constantFrom([], ['sql-anonymize']),
      limits: fc.record({ jobHours: fc.integer({ min: 1, max: 48 }) }),
    });
    const { job } = madeJob({ dataProviders: ['VU', 'UVA'] });
    fc.assert(
      fc.property(relation, relation, (vu, uva) => {
        const agreement = (changes: object) => ({ relations: { [ada.id]: { ...openRelation, ...changes } } });
        const catalogue = toCatalogue(consortium({ VU: agreement(vu), UVA: agreement(uva) }), 2);
        const situation = { catalogue, online, now: askedAt };
        const then = recomposeJob(job, situation);
        if (then.type !== 'recompose') return;
        const { job: next } = applyJob(job, { ...then, at: askedAt });
        expect(next.revision).toBe(2);
        expect(recomposeJob(next, situation)).toEqual({ type: 'unchanged' });
        expect(lostGround(decidedQuestion().question, then.composition, situation)).toBeUndefined();
      }),
    );
  });
});

describe('nextTurn', () => {
  it('is the next time at which a relation of the requester begins or ends', () => {
    const { job } = madeJob();
    const agreement = (changes: object) => ({ relations: { [ada.id]: { ...openRelation, ...changes } } });
    const at = (hours: number) => new Date(askedAt + hours * 3_600_000).toISOString();
    const catalogue = toCatalogue(
      consortium({
        VU: agreement({ notBefore: at(-1), expires: at(3) }),
        UVA: agreement({ notBefore: at(2) }),
      }),
    );
    const turn = (now: number) => nextTurn(job, { catalogue, online, now });
    expect(turn(askedAt)).toBe(askedAt + 2 * 3_600_000);
    expect(turn(askedAt + 2 * 3_600_000)).toBe(askedAt + 3 * 3_600_000);
    expect(turn(askedAt + 3 * 3_600_000)).toBeUndefined();
  });
});

describe('JobIndex', () => {
  it('finds jobs by everything that they rest on, until they are taken out', () => {
    const { job } = madeJob({ archetype: 'federatedAggregate' });
    const index = new JobIndex();
    index.put(job);
    for (const ground of groundOf(job)) expect([...index.touchedBy([ground])]).toEqual([job.id]);
    expect(groundOf(job)).toContainEqual({ kind: 'parties', name: 'SURF' });
    expect(groundOf(job)).toContainEqual({ kind: 'agreements', name: 'RUG' });
    index.remove(job.id);
    for (const ground of groundOf(job)) expect(index.touchedBy([ground]).size).toBe(0);
  });
});
