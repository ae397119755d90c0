import { describe, expect, it } from 'vitest';
import { normaliseRequest, type Relation } from '../model/index.js';
import { consortium, openRelation, toCatalogue } from '../scenarios/consortium.js';
import { ada, askedAt } from '../scenarios/decided-question.js';
import { type Decided, decide } from './decide.js';

const online = { VU: true, UVA: true, RUG: true, SURF: true };

/** Decides a question of VU and UVA, whose agreements have these relations with Ada. */
function decided(
  relations: { readonly VU?: Partial<Relation>; readonly UVA?: Partial<Relation> },
  here: Readonly<Record<string, boolean>> = online,
): Decided {
  const agreements = Object.entries(relations).map(([provider, relation]) => [
    provider,
    { relations: { [ada.id]: { ...openRelation, ...relation } } },
  ]);
  const catalogue = toCatalogue(consortium(Object.fromEntries(agreements)));
  const question = normaliseRequest({ user: ada, dataProviders: ['VU', 'UVA'] }, catalogue);
  return decide(question, catalogue, here, askedAt);
}

const approvals = ({ decisions }: Decided) => decisions.map(({ provider, approved }) => [provider, approved]);

describe('a decision', () => {
  it('goes from approval over placement to a composition', () => {
    const result = decided({ VU: {}, UVA: {} });
    expect(approvals(result)).toEqual([
      ['UVA', true],
      ['VU', true],
    ]);
    expect(result.placement?.parts).toEqual([{ archetype: 'computeToData', providers: ['UVA', 'VU'] }]);
    expect(result.composition?.chains.map(({ party }) => party)).toEqual(['UVA', 'VU']);
    expect(result).not.toHaveProperty('error');
  });

  it('goes on without a provider that is not there, and says so', () => {
    const result = decided({ VU: {}, UVA: {} }, { ...online, UVA: false });
    expect(result.placement?.absent).toEqual(['UVA']);
    expect(result.composition?.chains.map(({ party }) => party)).toEqual(['VU']);
  });
});

describe('a refusal keeps what was decided before it', () => {
  it('where nobody allows the request', () => {
    const result = decided({});
    expect(approvals(result)).toEqual([
      ['UVA', false],
      ['VU', false],
    ]);
    expect(result.error?.code).toBe('request-refused');
    expect([result.placement, result.composition]).toEqual([undefined, undefined]);
  });

  it('where everybody who allows it is away', () => {
    const result = decided({ VU: {}, UVA: {} }, {});
    expect(approvals(result)).toEqual([
      ['UVA', true],
      ['VU', true],
    ]);
    expect(result.error?.code).toBe('provider-unavailable');
    expect(result.placement).toBeUndefined();
  });

  it('where no archetype is allowed by all', () => {
    const result = decided({
      VU: { archetypes: ['computeToData'] },
      UVA: { archetypes: ['federatedAggregate'] },
    });
    expect(approvals(result)).toEqual([
      ['UVA', true],
      ['VU', true],
    ]);
    expect(result.error?.code).toBe('no-common-archetype');
    expect(result.placement).toBeUndefined();
  });

  it('where the steps do not form a chain, which shows only after the placement', () => {
    const result = decided({ VU: { requiredSteps: ['translate'] }, UVA: {} });
    expect(result.error?.code).toBe('composition-invalid');
    expect(result.placement?.parts.map(({ providers }) => providers)).toEqual([['UVA', 'VU']]);
    expect(result.composition).toBeUndefined();
  });
});
