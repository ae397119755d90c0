import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/systems/exchange/ask/index.js';
import type { Relation, RequestBody } from '../../src/systems/exchange/model/index.js';
import { furtherArchetypesText } from '../../src/systems/exchange/scenarios/further-archetypes.js';
import { ada, exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

const names = [
  'computeToData',
  'federatedAggregate',
  'privateOperation',
  'computeAsService',
  'sharingData',
  'mergedAtHome',
  'dataAtOneProvider',
  'mergedAtOneProvider',
];

/** The example with further archetypes, in which VU computes as well, and TNO is the home of Ada. */
function withFurther(yaml: string): string {
  const further = furtherArchetypesText();
  return yaml
    .replace(/^archetypes:\n/m, further.slice(further.indexOf('archetypes:')))
    .replace('roles: [dataProvider, requester]', 'roles: [dataProvider, computeProvider, requester]')
    .replace('  SURF:\n', '  TNO:\n    name: TNO\n    roles: [computeProvider, requester]\n  SURF:\n')
    .replaceAll('[computeToData, federatedAggregate, dataThroughTtp]', `[${names.join(', ')}]`)
    .replaceAll('computeProviders: [SURF]', 'computeProviders: [SURF, TNO, VU]\n        home: TNO');
}

type Result = RequestRecord['results'][number];

let test: TestConsortium;

/** Milliseconds: a machine that is busy with other things starts a run's process in seconds. */
const patience = 120_000;

describe('archetypes that are configured, and not built in', { timeout: patience }, () => {
  let merged: Result | undefined;
  beforeAll(async () => {
    test = await openTestConsortium({ configuration: exampleParsed(withFurther) });
    merged = await resultOf('federatedAggregate', { computeProvider: 'SURF' });
  }, patience);
  afterAll(() => test.remove());

  const resultOf = async (archetype: string, body: Partial<RequestBody> = {}) => {
    const record = await test.ask({ dataProviders: ['VU', 'UVA'], archetype, ...body });
    expect(record.error).toBeUndefined();
    expect(record.results).toHaveLength(1);
    return record.results[0];
  };

  it.each([
    // of the parties that may compute only VU gives data itself
    ['dataAtOneProvider', 'VU'],
    ['mergedAtOneProvider', 'VU'],
    ['sharingData', 'TNO'],
    ['mergedAtHome', 'TNO'],
  ])('%s computes at %s, and answers what a third party would', async (archetype, computedAt) => {
    const result = await resultOf(archetype);
    expect(result).toMatchObject({ providers: ['UVA', 'VU'], computedAt, archetype });
    expect(merged?.table?.rows.length).toBeGreaterThan(0);
    expect(result?.table?.rows).toEqual(merged?.table?.rows);
  });

  it('answer only the own people of a provider where they say so', async () => {
    const stranger = await test.ask({ dataProviders: ['VU'], archetype: 'privateOperation' });
    expect([stranger.state, stranger.error?.code]).toEqual(['refused', 'no-common-archetype']);
    expect(stranger.error?.message).toContain('names TNO as the home of ada@university.example');

    await changeRelation('VU', (relation) => ({ ...relation, home: 'VU' }));
    const own = await resultOf('computeToData', { dataProviders: ['VU'] });
    const result = await resultOf('privateOperation', { dataProviders: ['VU'] });
    expect([result?.computedAt, result?.table?.rows]).toEqual(['VU', own?.table?.rows]);
    const service = await resultOf('computeAsService', { dataProviders: ['VU'] });
    expect([service?.computedAt, service?.table?.rows]).toEqual(['SURF', own?.table?.rows]);
  });
});

/** Changes what a provider allows Ada. */
async function changeRelation(provider: string, change: (relation: Relation) => Relation): Promise<void> {
  const { exchange } = test.consortium;
  const agreement = exchange.catalogue().agreements.get(provider)?.value;
  const relation = agreement?.relations[ada.id];
  if (agreement === undefined || relation === undefined)
    throw new Error('the example has a relation with Ada');
  const relations = { ...agreement.relations, [ada.id]: change(relation) };
  await exchange.putObject('agreements', provider, { ...agreement, relations }, {});
}
