import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Approval, allowsColumn } from '../approve/index.js';
import { compose } from '../compose/index.js';
import { normaliseRequest } from '../model/index.js';
import { place } from '../place/index.js';
import { consortium, toCatalogue } from '../scenarios/consortium.js';
import { recheckJob } from './recheck.js';

const catalogue = toCatalogue(consortium());
const online = { VU: true, UVA: true, SURF: true };

const arbitraryApproval = (provider: string): fc.Arbitrary<Approval> =>
  fc.record({
    provider: fc.constant(provider),
    approved: fc.constant(true as const),
    user: fc.constant('ada'),
    agreementRevision: fc.nat(),
    agreementHash: fc.string(),
    archetypes: fc.constant(['computeToData', 'federatedAggregate']),
    computeProviders: fc.constant(['SURF']),
    output: fc.record({
      form: fc.constantFrom('aggregates' as const, 'rows' as const),
      minimumGroupSize: fc.integer({ min: 1, max: 50 }),
      extremes: fc.boolean(),
    }),
    requiredSteps: fc.constant([]),
    columns: fc.dictionary(
      fc.constantFrom('A', 'B'),
      fc.oneof(fc.constant('*' as const), fc.subarray(['x', 'y'], { minLength: 1 })),
      { noNullPrototype: true },
    ),
    limits: fc.record({ timeSeconds: fc.integer({ min: 1, max: 60 }), rows: fc.integer({ min: 1 }) }),
  });

describe('recheckJob', () => {
  it('never gives a looser rule than was composed or than holds now, and keeps the chains', () => {
    const both = fc.tuple(arbitraryApproval('UVA'), arbitraryApproval('VU'));
    const archetypes = fc.constantFrom('computeToData', 'federatedAggregate');
    fc.assert(
      fc.property(both, both, archetypes, (before, now, archetype) => {
        const request = normaliseRequest(
          { user: { id: 'ada' }, dataProviders: ['UVA', 'VU'], archetype },
          catalogue,
        );
        const placement = place({ decisions: before, online, catalogue, request });
        const composition = compose({ placement, decisions: before, request, catalogue });
        const after = recheckJob({ composition, decisions: now, request, catalogue });
        expect(after.chains.map(({ party, steps }) => ({ party, steps }))).toEqual(
          composition.chains.map(({ party, steps }) => ({ party, steps })),
        );
        for (const [index, chain] of after.chains.entries()) {
          const composed = composition.chains[index];
          const fresh = now.find(({ provider }) => provider === chain.party);
          for (const old of [composed, fresh]) {
            if (old === undefined) continue;
            expect(chain.output.minimumGroupSize).toBeGreaterThanOrEqual(old.output.minimumGroupSize);
            expect(chain.limits.rows).toBeLessThanOrEqual(old.limits.rows ?? Number.POSITIVE_INFINITY);
            if (!old.output.extremes) expect(chain.output.extremes).toBe(false);
          }
          if (chain.place !== 'dataProvider' || composed?.place !== 'dataProvider') continue;
          expect(chain.agreementRevision).toBe(fresh?.agreementRevision);
          expect(chain.agreementHash).toBe(fresh?.agreementHash);
          for (const name of ['A.x', 'A.y', 'A.z', 'B.x', 'B.y', 'B.z']) {
            const expected = allowsColumn(composed.columns, name) && allowsColumn(fresh?.columns ?? {}, name);
            expect(allowsColumn(chain.columns, name)).toBe(expected);
          }
        }
        const minimums = new Set(after.chains.map(({ output }) => output.minimumGroupSize));
        if (archetype === 'federatedAggregate') expect(minimums.size).toBe(1);
      }),
    );
  });

  it('refuses where a provider of the job was not decided on', () => {
    const request = normaliseRequest({ user: { id: 'ada' }, dataProviders: ['VU'] }, catalogue);
    const [decision] = fc.sample(arbitraryApproval('VU'), 1);
    if (decision === undefined) throw new Error('There is no sample.');
    const placement = place({ decisions: [decision], online, catalogue, request });
    const composition = compose({ placement, decisions: [decision], request, catalogue });
    expect(() => recheckJob({ composition, decisions: [], request, catalogue })).toThrow(
      'VU was not asked again. Ask it as a new request without VU.',
    );
  });
});
