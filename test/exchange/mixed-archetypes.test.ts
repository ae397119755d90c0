import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

/** The example, in which VU and UVA allow Ada no archetype in common. */
function withoutCommon(yaml: string): string {
  const both = '[computeToData, federatedAggregate, dataThroughTtp]';
  return yaml.replace(both, '[computeToData]').replace(both, '[dataThroughTtp]');
}

let test: TestConsortium;

/** Milliseconds: a machine that is busy with other things starts a run's process in seconds. */
const patience = 120_000;

const both = { dataProviders: ['VU', 'UVA'] };

describe('providers without an archetype in common', { timeout: patience }, () => {
  beforeAll(async () => {
    test = await openTestConsortium({ configuration: exampleParsed(withoutCommon) });
  });
  afterAll(() => test.remove());

  it('are refused together, with how they could answer apart', async () => {
    const record = await test.ask(both);
    expect([record.state, record.error?.code]).toEqual(['refused', 'no-common-archetype']);
    expect(record.error?.message).toContain(
      'Or allow different ones in the request with mixedArchetypes: computeToData for VU, dataThroughTtp with SURF for UVA.',
    );
    expect(record.runs).toEqual([]);
  });

  it('answer apart where the request allows that: each what it would answer alone', async () => {
    const record = await test.ask({ ...both, mixedArchetypes: true });
    expect(record.error).toBeUndefined();
    const places = record.results.map(({ archetype, providers, computedAt }) => [
      archetype,
      providers,
      computedAt,
    ]);
    expect(places).toEqual([
      ['computeToData', ['VU'], 'VU'],
      ['dataThroughTtp', ['UVA'], 'SURF'],
    ]);
    for (const result of record.results) {
      const alone = await test.ask({ dataProviders: [...result.providers] });
      expect(result.table?.rows.length).toBeGreaterThan(0);
      expect(result.table?.rows).toEqual(alone.results[0]?.table?.rows);
    }
    const followed = await test.consortium.exchange.followUp(record.job ?? '', { user: ada });
    const again = await followed.ended;
    expect(again.error).toBeUndefined();
    expect(again.results.map(({ table }) => table?.rows)).toEqual(
      record.results.map(({ table }) => table?.rows),
    );
  });
});
