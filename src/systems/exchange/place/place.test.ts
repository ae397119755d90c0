import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Approval, ProviderDecision } from '../approve/index.js';
import { normaliseRequest, type RequestBody } from '../model/index.js';
import { consortium, toCatalogue } from '../scenarios/consortium.js';
import { place } from './place.js';

const records = consortium();
const tno = { name: 'TNO', roles: ['computeProvider'] } as const;
const catalogue = toCatalogue({
  ...records,
  parties: { ...records.parties, TNO: { ...tno, roles: [...tno.roles] } },
});

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

const archetypeNames = ['computeToData', 'dataThroughTtp', 'federatedAggregate'];

const arbitraryDecision = (provider: string): fc.Arbitrary<ProviderDecision> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<ProviderDecision>(refusal(provider)) },
    {
      weight: 5,
      arbitrary: fc
        .record({
          archetypes: fc.subarray(archetypeNames),
          computeProviders: fc.subarray(['SURF', 'TNO', 'RUG']),
          form: fc.constantFrom('aggregates' as const, 'rows' as const),
          minimumGroupSize: fc.integer({ min: 1, max: 50 }),
          extremes: fc.boolean(),
          rowsAtComputeProvider: fc.boolean(),
        })
        .map(({ archetypes, computeProviders, rowsAtComputeProvider, ...output }) =>
          approval(provider, {
            archetypes,
            computeProviders,
            output: { ...output, ...(rowsAtComputeProvider ? { rowsAtComputeProvider } : {}) },
          }),
        ),
    },
  );

const refusal = (provider: string): ProviderDecision => ({
  provider,
  approved: false,
  reasons: [{ code: 'no-agreement', message: 'None.' }],
});

const situation = fc.record({
  decisions: fc.tuple(arbitraryDecision('VU'), arbitraryDecision('UVA'), arbitraryDecision('RUG')),
  online: fc.record({
    VU: fc.boolean(),
    UVA: fc.boolean(),
    RUG: fc.boolean(),
    SURF: fc.boolean(),
    TNO: fc.boolean(),
  }),
  archetype: fc.option(fc.constantFrom(...archetypeNames), { nil: undefined, freq: 2 }),
  mixedArchetypes: fc.boolean(),
});

type Asked = Pick<RequestBody, 'mixedArchetypes'> & { readonly archetype?: string | undefined };

function outcome(
  decisions: readonly ProviderDecision[],
  online: Record<string, boolean>,
  { archetype, ...asked }: Asked = {},
  within = catalogue,
) {
  const body = { user: { id: 'ada' }, ...asked, ...(archetype === undefined ? {} : { archetype }) };
  try {
    return place({ decisions, online, catalogue: within, request: normaliseRequest(body, within) });
  } catch (thrown) {
    if (thrown instanceof StarlingError) return thrown;
    throw thrown;
  }
}

const record = (result: ReturnType<typeof outcome>) =>
  result instanceof StarlingError ? result.toRecord() : result;

function shuffled<Item>(items: readonly Item[], keys: readonly number[]): Item[] {
  return items
    .map((item, index) => ({ item, key: keys[index] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

const three = fc.array(fc.nat(), { minLength: 3, maxLength: 3 });

describe('place', () => {
  it('does not depend on the order in which providers and archetypes come in', () => {
    fc.assert(
      fc.property(situation, three, three, (given, keys, archetypeKeys) => {
        const { decisions, online, ...asked } = given;
        const archetypes = new Map(shuffled([...catalogue.archetypes], archetypeKeys));
        const again = outcome(shuffled(decisions, keys), online, asked, { ...catalogue, archetypes });
        expect(record(again)).toEqual(record(outcome(decisions, online, asked)));
      }),
    );
  });

  it('only ever places what every participant allows, each in one part, and never loosens a rule', () => {
    fc.assert(
      fc.property(situation, ({ decisions, online, ...asked }) => {
        const result = outcome(decisions, online, asked);
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
        const placed = result.parts.flatMap(({ providers }) => providers);
        expect([...placed].sort()).toEqual(present.map(({ provider }) => provider).sort());
        expect([...placed, ...result.absent].sort()).toEqual(approved.map(({ provider }) => provider).sort());
        expect(asked.mixedArchetypes || result.parts.length === 1).toBe(true);
        const places = result.parts.map(
          ({ archetype, computeProvider }) => `${archetype} ${computeProvider}`,
        );
        expect(new Set(places).size).toBe(places.length);
        for (const { archetype, computeProvider, providers } of result.parts) {
          expect(asked.archetype ?? archetype).toBe(archetype);
          for (const { provider, archetypes, computeProviders, output } of present) {
            if (!providers.includes(provider)) continue;
            expect(archetypes).toContain(archetype);
            if (archetype === 'dataThroughTtp') expect(output.rowsAtComputeProvider).toBe(true);
            const rule = result.outputs[provider];
            if (computeProvider === undefined) {
              expect(rule).toEqual(output);
              continue;
            }
            expect(computeProviders).toContain(computeProvider);
            expect(online[computeProvider as keyof typeof online]).toBe(true);
            expect(rule?.minimumGroupSize).toBeGreaterThanOrEqual(output.minimumGroupSize);
            expect(rule?.extremes === true && !output.extremes).toBe(false);
          }
        }
      }),
    );
  });

  it('takes everybody in where each could answer alone and the request allows mixed archetypes', () => {
    fc.assert(
      fc.property(situation, ({ decisions, online, ...asked }) => {
        const mixed = { ...asked, mixedArchetypes: true };
        const alone = decisions.map((decision) => outcome([decision], online, mixed));
        const together = outcome(decisions, online, mixed);
        const stuck = alone.filter(
          (one) => one instanceof StarlingError && one.code === 'no-common-archetype',
        );
        expect(together instanceof StarlingError && together.code === 'no-common-archetype').toBe(
          stuck.length > 0,
        );
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
