import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Approval, ProviderDecision } from '../approve/index.js';
import { normaliseRequest, type RequestBody } from '../model/index.js';
import { consortium, toCatalogue } from '../scenarios/consortium.js';
import { place } from './place.js';

const catalogue = toCatalogue(consortium());

const approval = (provider: string, changes: Partial<Approval> = {}): Approval => ({
  provider,
  approved: true,
  user: 'ada',
  agreementRevision: 1,
  agreementHash: 'h',
  archetypes: ['computeToData', 'federatedAggregate'],
  computeProviders: ['SURF'],
  output: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
  requiredSteps: [],
  columns: {},
  limits: {},
  ...changes,
});

const arbitraryDecision = (provider: string): fc.Arbitrary<ProviderDecision> =>
  fc.oneof(
    fc.constant<ProviderDecision>({
      provider,
      approved: false,
      reasons: [{ code: 'no-agreement', message: 'None.' }],
    }),
    fc
      .record({
        archetypes: fc.subarray(['computeToData', 'federatedAggregate']),
        computeProviders: fc.subarray(['SURF', 'RUG']),
        form: fc.constantFrom('aggregates' as const, 'rows' as const),
        minimumGroupSize: fc.integer({ min: 1, max: 50 }),
        extremes: fc.boolean(),
      })
      .map(({ archetypes, computeProviders, ...output }) =>
        approval(provider, { archetypes, computeProviders, output }),
      ),
  );

const situation = fc.record({
  decisions: fc.tuple(arbitraryDecision('VU'), arbitraryDecision('UVA'), arbitraryDecision('RUG')),
  online: fc.record({ VU: fc.boolean(), UVA: fc.boolean(), RUG: fc.boolean(), SURF: fc.boolean() }),
  archetype: fc.option(fc.constantFrom('computeToData', 'federatedAggregate'), { nil: undefined }),
});

function outcome(
  decisions: readonly ProviderDecision[],
  online: Record<string, boolean>,
  archetype?: string,
) {
  const body: RequestBody = { user: { id: 'ada' }, ...(archetype === undefined ? {} : { archetype }) };
  try {
    return place({ decisions, online, catalogue, request: normaliseRequest(body, catalogue) });
  } catch (thrown) {
    if (thrown instanceof StarlingError) return thrown;
    throw thrown;
  }
}

describe('place', () => {
  it('does not depend on the order in which providers come in', () => {
    fc.assert(
      fc.property(situation, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (given, keys) => {
        const { decisions, online, archetype } = given;
        const shuffled = decisions
          .map((decision, index) => ({ decision, key: keys[index] ?? 0 }))
          .sort((one, other) => one.key - other.key)
          .map(({ decision }) => decision);
        const record = (result: ReturnType<typeof outcome>) =>
          result instanceof StarlingError ? result.toRecord() : result;
        const reversed = [...decisions].reverse();
        const first = record(outcome(decisions, online, archetype));
        expect(record(outcome(shuffled, online, archetype))).toEqual(first);
        expect(record(outcome(reversed, online, archetype))).toEqual(first);
      }),
    );
  });

  it('only ever places what every participant allows, and never loosens a rule', () => {
    fc.assert(
      fc.property(situation, ({ decisions, online, archetype }) => {
        const result = outcome(decisions, online, archetype);
        const approved = decisions.filter((decision) => decision.approved);
        const present = approved.filter(({ provider }) => online[provider as keyof typeof online]);
        if (result instanceof StarlingError) {
          const code =
            approved.length === 0
              ? 'request-refused'
              : present.length === 0
                ? 'provider-unavailable'
                : 'no-common-archetype';
          expect(result.code).toBe(code);
          return;
        }
        expect(result.providers).toEqual(present.map(({ provider }) => provider).sort());
        expect([...result.providers, ...result.absent].sort()).toEqual(
          approved.map(({ provider }) => provider).sort(),
        );
        if (archetype !== undefined) expect(result.archetype).toBe(archetype);
        for (const { provider, archetypes, computeProviders, output } of present) {
          expect(archetypes).toContain(result.archetype);
          if (result.computeProvider !== undefined) {
            expect(computeProviders).toContain(result.computeProvider);
            expect(online[result.computeProvider as keyof typeof online]).toBe(true);
          }
          const placed = result.outputs[provider];
          expect(placed?.minimumGroupSize).toBeGreaterThanOrEqual(output.minimumGroupSize);
          if (!output.extremes && result.computeProvider !== undefined) expect(placed?.extremes).toBe(false);
          if (result.computeProvider === undefined) expect(placed).toEqual(output);
        }
      }),
    );
  });

  it('gives the table of reasons as data, too', () => {
    const decisions = [
      approval('VU', { archetypes: ['computeToData'] }),
      approval('UVA', { archetypes: ['federatedAggregate'] }),
    ];
    const result = outcome(decisions, { VU: true, UVA: true, SURF: true });
    expect(result instanceof StarlingError ? result.details : undefined).toEqual({
      table: [
        { provider: 'UVA', archetype: 'computeToData', why: 'does not allow it; allows federatedAggregate' },
        { provider: 'UVA', archetype: 'dataThroughTtp', why: 'does not allow it; allows federatedAggregate' },
        { provider: 'VU', archetype: 'dataThroughTtp', why: 'does not allow it; allows computeToData' },
        { provider: 'VU', archetype: 'federatedAggregate', why: 'does not allow it; allows computeToData' },
      ],
    });
  });

  it('takes the first by name of equal weights', () => {
    const records = consortium();
    const { computeToData } = records.archetypes;
    if (computeToData === undefined) throw new Error('There is no such archetype.');
    const archetypes = { zeta: computeToData, alpha: computeToData };
    const decisions = [approval('VU', { archetypes: ['alpha', 'zeta'] })];
    const other = toCatalogue({ ...records, archetypes });
    const request = normaliseRequest({ user: { id: 'ada' } }, other);
    expect(place({ decisions, online: { VU: true }, catalogue: other, request }).considered).toEqual([
      {
        archetype: 'alpha',
        chosen: true,
        why: [{ message: 'of those possible it has the highest weight, 200' }],
      },
      {
        archetype: 'zeta',
        chosen: false,
        why: [{ message: 'is possible; alpha has the same weight, 200, and comes first by name' }],
      },
    ]);
  });
});
