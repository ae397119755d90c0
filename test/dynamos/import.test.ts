import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarlingError } from '../../src/kernel/errors/index.js';
import { loadConfiguration } from '../../src/systems/exchange/configuration/index.js';
import {
  configurationText,
  dynamosToConfiguration,
  type LaunchFileName,
  offeredTables,
  readLaunchFiles,
  readTableSample,
  type SampledTable,
} from '../../src/systems/exchange/dynamos/index.js';
import { launchTexts } from './launch-texts.js';
import { madeTables } from './made-tables.js';

const user = 'jorrit.stutterheim@cloudnation.nl';
const folder = mkdtempSync(join(tmpdir(), 'starling-dynamos-'));
let samples: SampledTable[];

beforeAll(async () => {
  const tables = madeTables(join(folder, 'tables'));
  samples = await Promise.all(
    offeredTables(readLaunchFiles(launchTexts())).map(async (offered) => {
      const name = `${offered.table}_${offered.party}.csv`;
      return { ...offered, sample: await readTableSample(join(tables, name), name, offered.delimiter) };
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const imported = (changed: Partial<Record<LaunchFileName, string>> = {}) =>
  dynamosToConfiguration(readLaunchFiles(launchTexts(changed)), samples);

const changedFile = (name: LaunchFileName, change: (value: never) => unknown) => ({
  [name]: JSON.stringify(change(JSON.parse(launchTexts()[name] ?? '') as never)),
});

function faults(texts: Parameters<typeof readLaunchFiles>[0]): string[] {
  try {
    readLaunchFiles(texts);
  } catch (thrown) {
    if (thrown instanceof StarlingError && thrown.code === 'configuration-invalid')
      return thrown.message.split('\n  ').slice(1);
    throw thrown;
  }
  return [];
}

describe("DYNAMOS's own launch files", () => {
  it('are a whole configuration, also when it is written and read again', () => {
    const result = imported();
    const { configuration } = result;
    expect(Object.keys(configuration.parties)).toEqual(['VU', 'UVA', 'RUG', 'SURF', 'otherCompany']);
    expect(configuration.agreements.VU).toEqual({
      title: 'Agreement of VU',
      relations: {
        [user]: {
          output: { form: 'rows', minimumGroupSize: 1, rowsAtComputeProvider: true },
          requestTypes: ['sqlDataRequest'],
          dataSets: { wageGap: { columns: { Aanstellingen: '*', Personen: '*' } } },
          archetypes: ['computeToData', 'dataThroughTtp'],
          computeProviders: ['SURF'],
        },
      },
    });
    expect(configuration.agreements.UVA?.relations[user]?.requiredSteps).toEqual(['sql-anonymize']);
    expect(configuration.agreements.RUG?.relations).toEqual({});
    expect(configuration.requestTypes.sqlDataRequest?.required).toEqual(['sql-query']);
    const text = configurationText(result, 'launch');
    expect(loadConfiguration(text, 'starling.yaml')).toEqual(configuration);
  });

  it('give the archetype of the lowest weight the highest', () => {
    const { archetypes } = imported().configuration;
    expect(archetypes.computeToData).toMatchObject({ weight: -100, dataProvider: { releases: 'answer' } });
    expect(archetypes.dataThroughTtp).toMatchObject({
      weight: -200,
      dataProvider: { roles: ['dataProvider'], releases: 'rows' },
      computeProvider: { receives: 'rows' },
    });
  });

  it('give a data set its columns by the files of its tables', () => {
    const { wageGap } = imported().configuration.dataSets;
    expect(wageGap?.unit).toEqual(['Aanstellingen.Unieknr', 'Personen.Unieknr']);
    expect(wageGap?.tables.Personen).toEqual({ types: { Nationaliteit: 'VARCHAR' } });
    expect(Object.keys(wageGap?.measures ?? {})).toContain('Aanstellingen.Salschal');
    expect(Object.keys(wageGap?.measures ?? {})).not.toContain('Personen.Nationaliteit');
    expect(wageGap?.groups).not.toContain('Personen.Unieknr');
    expect(wageGap?.anonymize).toEqual({
      'Aanstellingen.Ingdatdv': { method: 'truncateDate', to: 'year' },
      'Personen.Gebdat': { method: 'truncateDate', to: 'year' },
    });
    expect(wageGap?.resultNames?.map(({ group, name }) => [group, name])).toEqual([
      [{ 'Personen.Geslacht': 'M' }, 'avg_salary_scale_men'],
      [{ 'Personen.Geslacht': 'V' }, 'avg_salary_scale_women'],
    ]);
    expect(wageGap?.sources.VU).toMatchObject({
      tables: { Personen: { file: 'Personen_VU.csv', delimiter: ';' } },
    });
  });

  it('leave nothing out, and assume nothing, without a note', () => {
    const text = imported().notes.join('\n');
    for (const told of [
      'minimumGroupSize: 1',
      'Every column of a data set may be read',
      'weights have changed their sign',
      'names archetype reproducableScience, which archetype.json does not have',
      'Request type genericRequest is left out: it requires no service',
      'UVA always runs sql-anonymize',
      'persons are counted by Aanstellingen.Unieknr and Personen.Unieknr',
    ])
      expect(text).toContain(told);
    expect(configurationText(imported(), 'launch')).toContain('minimumGroupSize: 10 would protect persons');
  });
});

describe('files that cannot be taken', () => {
  it('are told with line and column, all at once', () => {
    const { 'datasets.json': _, ...texts } = launchTexts({
      'archetype.json':
        '[\n  { "name": "a", "computeProvider": "cloud", "resultRecipient": "requestor", "weight": 1 }\n]',
      'requestType.json': '[{ "name": "r",, }]',
      ...changedFile('microservices.json', (all: { label: string }[]) =>
        all.map((one, index) => (index === 0 ? { ...one, label: 'middle' } : one)),
      ),
    });
    const found = faults(texts);
    expect(found).toContain('datasets.json: there is no such file; DYNAMOS keeps it with the others');
    expect(found).toContain(
      'archetype.json:2:37: 0.computeProvider: expected one of dataProvider, other, but found "cloud"',
    );
    expect(found.find((fault) => fault.startsWith('requestType.json:1:16: it is not JSON'))).toBeDefined();
    expect(
      found.find((fault) => fault.includes('0.label: expected one of dataprovider, computeprovider')),
    ).toBeDefined();
    expect(found).toHaveLength(4);
  });

  it('do not have one name twice', () => {
    const doubled = changedFile('archetype.json', (all: object[]) => [...all, all[0]]);
    expect(faults(launchTexts(doubled))).toEqual([
      expect.stringMatching(/^archetype\.json:1:\d+: computeToData is there twice; keep one of the two$/),
    ]);
  });
});

describe('what has no counterpart', () => {
  it.each<[string, Partial<Record<LaunchFileName, string>>, string]>([
    [
      'a field',
      changedFile('datasets.json', (all: object[]) => all.map((one) => ({ ...one, owner: 'me' }))),
      '0.owner is not a field that DYNAMOS has; it is left out.',
    ],
    [
      'a microservice',
      changedFile('microservices.json', (all: object[]) => [
        ...all,
        { name: 'sql-magic', label: 'ComputeProvider', allowedOutputs: [] },
      ]),
      'Microservice sql-magic is left out: Starling has no step of that name.',
    ],
    [
      'an invalid archetype',
      changedFile('microservices.json', (all: { name: string }[]) =>
        all.map((one) => (one.name === 'sql-query' ? { ...one, invalidArchetypes: ['computeToData'] } : one)),
      ),
      'Microservice sql-query is invalid under archetype computeToData: Starling has no such rule',
    ],
    [
      'an added step',
      changedFile('optional_microservices.json', () => [
        { data_steward: 'VU', types: { sqlDataRequest: ['sql-magic'] } },
        { data_steward: 'TUD', types: {} },
      ]),
      `VU would always run sql-magic for ${user}`,
    ],
    [
      'a relation',
      changedFile('agreements.json', (all: { archetypes: string[] }[]) =>
        all.map((one) => ({ ...one, archetypes: ['reproducableScience'] })),
      ),
      `The agreement of VU with ${user} is left out: no request type or no archetype of it is left.`,
    ],
    [
      'a data set',
      changedFile('datasets.json', (all: object[]) => [
        ...all,
        { name: 'other', type: 'csv', delimiter: ',', tables: ['T'] },
      ]),
      'Data set other is left out: no relation names it',
    ],
    [
      'a sensitive column',
      changedFile('datasets.json', (all: object[]) =>
        all.map((one) => ({ ...one, sensitive_columns: { Personen: ['Gebdat'] } })),
      ),
      'Personen.Gebdat is called sensitive, which DYNAMOS does not act on',
    ],
  ])('is noted: %s', (_what, changed, note) => {
    const result = imported(changed);
    expect(result.notes.join('\n')).toContain(note);
    expect(loadConfiguration(configurationText(result, 'x'), 'x.yaml')).toEqual(result.configuration);
  });
});
