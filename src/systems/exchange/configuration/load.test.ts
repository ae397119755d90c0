import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { approveRequest } from '../approve/index.js';
import { compose } from '../compose/index.js';
import { builtInArchetypes, builtInRequestTypes, builtInSteps, normaliseRequest } from '../model/index.js';
import { place } from '../place/index.js';
import { toCatalogue } from '../scenarios/consortium.js';
import { loadConfiguration } from './load.js';
import { readConfigurationFile } from './read-file.js';
import { exampleConfiguration } from './template.js';

function faults(text: string): string[] {
  try {
    loadConfiguration(text, 'f.yaml');
  } catch (thrown) {
    if (thrown instanceof StarlingError && thrown.code === 'configuration-invalid') {
      return thrown.message.split('\n  ').slice(1);
    }
    throw thrown;
  }
  return [];
}

const replaced = (from: string, to: string): string => {
  const text = exampleConfiguration();
  if (!text.includes(from)) throw new Error(`The example has no ${from}.`);
  return text.replace(from, to);
};

/** `line:column` of the first occurrence of `mark` in `text`, counted from 1. */
function at(text: string, mark: string, within = mark): string {
  const offset = text.indexOf(within) + within.indexOf(mark);
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

describe('the example configuration', () => {
  const configuration = loadConfiguration(exampleConfiguration(), 'starling.yaml');

  it('loads, and writes out what is built in', () => {
    expect(Object.keys(configuration.parties)).toEqual(['VU', 'UVA', 'RUG', 'SURF']);
    expect(configuration.archetypes).toEqual(builtInArchetypes);
    expect(configuration.requestTypes).toEqual(builtInRequestTypes);
    expect(configuration.steps).toEqual(builtInSteps);
  });

  it('allows Ada at VU and UVA, and not at RUG', () => {
    const catalogue = toCatalogue(configuration);
    const request = normaliseRequest({ user: { id: 'ada@university.example' } }, catalogue);
    const decisions = approveRequest(request, catalogue, Date.UTC(2026, 0, 1));
    const online = { VU: true, UVA: true, RUG: true, SURF: true };
    const placement = place({ decisions, online, catalogue, request });
    expect(placement).toMatchObject({ parts: [{ archetype: 'computeToData', providers: ['UVA', 'VU'] }] });
    expect(placement.outputs).toEqual({
      UVA: { form: 'aggregates', minimumGroupSize: 5, extremes: false, rowsAtComputeProvider: true },
      VU: { form: 'aggregates', minimumGroupSize: 10, extremes: false, rowsAtComputeProvider: true },
    });
    expect(decisions.flatMap((decision) => (decision.approved ? [] : decision.reasons))).toMatchObject([
      { code: 'no-relation' },
    ]);
  });

  it('gives Grace anonymized rows at VU', () => {
    const catalogue = toCatalogue(configuration);
    const body = {
      user: { id: 'grace@university.example' },
      dataProviders: ['VU'],
      query: 'SELECT Gebdat FROM Personen',
    };
    const request = normaliseRequest(body, catalogue);
    const decisions = approveRequest(request, catalogue, Date.UTC(2026, 0, 1));
    const placement = place({ decisions, online: { VU: true }, catalogue, request });
    expect(compose({ placement, decisions, request, catalogue }).chains).toMatchObject([
      { party: 'VU', steps: [{ step: 'sql-query' }, { step: 'sql-anonymize' }], output: { form: 'rows' } },
    ]);
  });
});

describe('loadConfiguration', () => {
  it('points at an unknown field, a wrong value and an unknown name, all at once', () => {
    const text = replaced('minimumGroupSize: 10', 'minimumGroupSiz: 10')
      .replace('weight: 200', 'weight: heavy')
      .replace('computeProviders: [SURF]', 'computeProviders: [SURFF]')
      .replace('roles: [computeProvider]\n\n', 'roles: [computeProvder]\n\n');
    expect(faults(text)).toEqual([
      `f.yaml:${at(text, 'computeProvder')}: parties.SURF.roles.0: expected one of dataProvider, computeProvider, requester, but found "computeProvder" (did you mean computeProvider?)`,
      `f.yaml:${at(text, 'minimumGroupSiz:')}: agreements.VU.relations.ada@university.example.output.minimumGroupSiz: unknown field minimumGroupSiz (did you mean minimumGroupSize?); the fields here are form, minimumGroupSize, extremes, smallGroupsAtComputeProvider, rowsAtComputeProvider`,
      `f.yaml:${at(text, 'heavy')}: archetypes.computeToData.weight: expected a number, but found "heavy"`,
    ]);
  });

  it('holds the objects against each other', () => {
    const text = replaced('computeProviders: [SURF]', 'computeProviders: [UVA]')
      .replace(
        'archetypes: [computeToData, federatedAggregate, dataThroughTtp]',
        'archetypes: [computeToDat]',
      )
      .replace('Aanstellingen: [Unieknr, Peildat, Salschal, HOOPgeb, Taakomv]', 'Aanstelling: "*"')
      .replace('requestTypes: [sqlDataRequest]', 'requestTypes: [sql]')
      .replace('requiredSteps: [sql-anonymize]', 'requiredSteps: [sql-anonymise]')
      .replace('RUG: { sample: { seed: 3 } }', 'SURF: { sample: { seed: 3 } }')
      .replace('optional: [sql-anonymize,', 'optional: [anonymize,')
      .replace('\n  RUG:\n    title', '\n  TUD:\n    title');
    const relation = 'agreements.VU.relations.ada@university.example';
    expect(faults(text)).toEqual([
      `f.yaml:${at(text, 'SURF: { sample')}: dataSets.wageGap.sources.SURF: party SURF does not have the role dataProvider; add it to the party's roles, or remove SURF here`,
      `f.yaml:${at(text, 'sql]', 'requestTypes: [sql]')}: ${relation}.requestTypes.0: there is no request type sql; known: sqlDataRequest`,
      `f.yaml:${at(text, 'Aanstelling: "*"')}: ${relation}.dataSets.wageGap.columns.Aanstelling: data set wageGap has no table Aanstelling (did you mean Aanstellingen?); it has: Personen, Aanstellingen`,
      `f.yaml:${at(text, 'computeToDat]')}: ${relation}.archetypes.0: there is no archetype computeToDat (did you mean computeToData?); known: computeToData, dataThroughTtp, federatedAggregate`,
      `f.yaml:${at(text, 'UVA]', 'computeProviders: [UVA]')}: ${relation}.computeProviders.0: party UVA does not have the role computeProvider; add it to the party's roles, or remove UVA here`,
      `f.yaml:${at(text, 'sql-anonymise')}: agreements.VU.relations.grace@university.example.requiredSteps.0: there is no step sql-anonymise (did you mean sql-anonymize?); known: sql-aggregate, sql-algorithm, sql-anonymize, sql-graph, sql-query`,
      `f.yaml:${at(text, 'TUD')}: agreements.TUD: there is no party TUD; known: RUG, SURF, UVA, VU`,
      `f.yaml:${at(text, 'anonymize,', 'optional: [anonymize,')}: requestTypes.sqlDataRequest.optional.0: there is no step anonymize; known: sql-aggregate, sql-algorithm, sql-anonymize, sql-graph, sql-query`,
    ]);
  });

  it('knows an object by its name also where its own form is faulty', () => {
    const text = replaced('    name: SURF\n', '');
    expect(faults(text)).toEqual([
      `f.yaml:${at(text, 'SURF:')}: parties.SURF.name: missing; add it, as text`,
    ]);
  });

  it('tells a key that is there twice, and goes on', () => {
    const text = replaced('  UVA:\n    name', '  VU:\n    name').replace('weight: 200', 'weigth: 200');
    const found = faults(text);
    expect(found[0]).toBe('f.yaml:14:3: VU is there twice; keep one of the two');
    expect(found).toContain(
      `f.yaml:${at(text, 'weigth')}: archetypes.computeToData.weigth: unknown field weigth (did you mean weight?); the fields here are title, description, weight, recipient, dataProvider, computeProvider`,
    );
  });

  it('tells errors of YAML with their place', () => {
    expect(faults('parties:\n  VU: {name: [VU}\n')[0]).toBe(
      'f.yaml:2:17: Flow sequence in block collection must be sufficiently indented and end with a ]; correct the YAML here',
    );
    expect(faults('a: *nowhere')).toEqual([
      'f.yaml:1:4: Unresolved alias (the anchor must be set before the alias): nowhere; correct the alias, or write out what it stands for',
    ]);
  });

  it('says what an empty, flat or wrong file lacks', () => {
    expect(faults('')).toEqual(['f.yaml:1:1: the file is empty; `starling init` writes an example']);
    expect(faults('# nothing\n')).toEqual([
      'f.yaml:1:1: the file is empty; `starling init` writes an example',
    ]);
    expect(faults('hello')).toEqual(['f.yaml:1:1: expected sections such as parties and dataSets']);
    expect(faults('partys: {}')).toEqual([
      'f.yaml:1:1: partys: unknown section partys (did you mean parties?); the sections are parties, steps, requestTypes, archetypes, dataSets, agreements, access, compatibility, services',
      'f.yaml:1:1: parties: missing; add the organisations that take part',
    ]);
    expect(faults('parties:\n')).toEqual(['f.yaml:1:1: parties: expected an object with one entry per name']);
  });

  it('tells 20 faults and how many more there are', () => {
    const parties = Array.from({ length: 30 }, (_, index) => `  P${index}: {roles: [requester]}\n`).join('');
    const found = faults(`parties:\n${parties}`);
    expect(found).toHaveLength(21);
    expect(found[0]).toBe('f.yaml:2:3: parties.P0.name: missing; add it, as text');
    expect(found[20]).toBe('and 10 more');
  });

  it('does not let aliases blow the file up', () => {
    const levels = Array.from({ length: 12 }, (_, index) => {
      const aliases = Array.from({ length: 10 }, () => `*a${index}`).join(', ');
      return `a${index + 1}: &a${index + 1} [${aliases}]\n`;
    });
    expect(faults(`a0: &a0 [x]\n${levels.join('')}`)).toEqual([
      expect.stringMatching(/^f\.yaml:2:10: .*alias.*; correct the alias, or write out what it stands for$/),
    ]);
  });

  it('fills the sections that are left out with what is built in', () => {
    const text = 'parties:\n  VU: {name: VU, roles: [dataProvider]}\n';
    expect(loadConfiguration(text, 'f.yaml')).toEqual({
      parties: { VU: { name: 'VU', roles: ['dataProvider'] } },
      dataSets: {},
      agreements: {},
      archetypes: builtInArchetypes,
      steps: builtInSteps,
      requestTypes: builtInRequestTypes,
    });
  });
});

describe('readConfigurationFile', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-configuration-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('reads a file', async () => {
    const file = join(folder, 'starling.yaml');
    await writeFile(file, exampleConfiguration());
    expect(await readConfigurationFile(file)).toEqual(loadConfiguration(exampleConfiguration(), file));
  });

  it('says that `starling init` writes one where there is none', async () => {
    const file = join(folder, 'none.yaml');
    await expect(readConfigurationFile(file)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: `There is no file ${file}. Name another file, or write an example with \`starling init\`.`,
    });
  });

  it('refuses a file of more than 4 MiB, one that is not UTF-8, and a folder', async () => {
    const large = join(folder, 'large.yaml');
    await writeFile(large, '');
    await truncate(large, 4 * 1024 * 1024 + 1);
    await expect(readConfigurationFile(large)).rejects.toMatchObject({ code: 'input-too-large' });
    const latin = join(folder, 'latin.yaml');
    await writeFile(latin, Buffer.from([0x23, 0xe9, 0x0a]));
    await expect(readConfigurationFile(latin)).rejects.toMatchObject({
      message: `${latin} is not UTF-8 text; save it as UTF-8.`,
    });
    await expect(readConfigurationFile(folder)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
