import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { consortium, toCatalogue, wageGap } from '../scenarios/consortium.js';
import type { CatalogueRecords } from './catalogue.js';
import { normaliseRequest } from './normalise-request.js';
import type { RequestBody } from './request.js';

const user = { id: 'ada@university.example' };
const catalogue = toCatalogue(consortium());

function failure(body: RequestBody, records: CatalogueRecords = consortium()): StarlingError {
  try {
    normaliseRequest(body, toCatalogue(records));
  } catch (thrown) {
    if (thrown instanceof StarlingError) return thrown;
    throw thrown;
  }
  throw new Error('The request was taken.');
}

describe('normaliseRequest', () => {
  it('fills everything in from the data set where the request says nothing', () => {
    expect(normaliseRequest({ user }, catalogue)).toEqual({
      user,
      requestType: 'sqlDataRequest',
      dataSet: 'wageGap',
      dataProviders: ['RUG', 'UVA', 'VU'],
      query:
        'SELECT Personen.Unieknr AS "Personen.Unieknr", Aanstellingen.Unieknr AS "Aanstellingen.Unieknr", ' +
        'Personen.Geslacht AS Geslacht, Aanstellingen.Salschal AS Salschal FROM Personen JOIN Aanstellingen ' +
        'ON Personen.Unieknr = Aanstellingen.Unieknr AND Personen.Peildat = Aanstellingen.Peildat',
      queryGiven: false,
      algorithm: {
        name: 'average',
        column: 'Aanstellingen.Salschal',
        groupBy: ['Personen.Geslacht'],
        total: false,
      },
      options: [],
      limits: {},
      form: 'aggregates',
    });
  });

  it('keeps what a request gives leave for, and nothing that it denies', () => {
    const asked = normaliseRequest({ user, allowPartial: true, mixedArchetypes: true }, catalogue);
    expect(asked).toMatchObject({ allowPartial: true, mixedArchetypes: true });
    const denied = normaliseRequest({ user, allowPartial: false, mixedArchetypes: false }, catalogue);
    expect(denied).toEqual(normaliseRequest({ user }, catalogue));
  });

  it('asks for rows where there is a query and no algorithm', () => {
    const request = normaliseRequest({ user, query: 'SELECT 1' }, catalogue);
    expect(request).toMatchObject({ query: 'SELECT 1', queryGiven: true, form: 'rows' });
    expect(request.algorithm).toBeUndefined();
  });

  it('takes the column and groups of the data set for an algorithm that names none', () => {
    const request = normaliseRequest({ user, query: 'SELECT 1', algorithm: { name: 'sum' } }, catalogue);
    expect(request.algorithm).toMatchObject({
      name: 'sum',
      column: 'Aanstellingen.Salschal',
      groupBy: ['Personen.Geslacht'],
    });
  });

  it('groups by nothing where groupBy is empty, and counts rows without a column', () => {
    const { algorithm } = normaliseRequest({ user, algorithm: { name: 'count', groupBy: [] } }, catalogue);
    expect(algorithm).toEqual({ name: 'count', groupBy: [], total: false });
  });

  it('makes short column names full, and takes declared bins', () => {
    const body: RequestBody = {
      user,
      algorithm: { name: 'histogram', column: 'Taakomv', groupBy: ['Geslacht', 'HOOPgeb'] },
    };
    expect(normaliseRequest(body, catalogue).algorithm).toEqual({
      name: 'histogram',
      column: 'Aanstellingen.Taakomv',
      groupBy: ['Personen.Geslacht', 'Aanstellingen.HOOPgeb'],
      total: false,
      bins: { width: 1000 },
    });
  });

  it('keeps only options that are on, sorted, and sorts the providers', () => {
    const body: RequestBody = { user, options: { anonymize: true }, dataProviders: ['VU', 'RUG'] };
    const request = normaliseRequest(body, catalogue);
    expect(request.options).toEqual(['anonymize']);
    expect(request.dataProviders).toEqual(['RUG', 'VU']);
    expect(normaliseRequest({ user, options: { anonymize: false } }, catalogue).options).toEqual([]);
  });

  it('finds the one data set that all the named providers offer', () => {
    const records = consortium();
    const other = { ...wageGap, sources: { UVA: { sample: { seed: 9 } } } };
    const both = toCatalogue({ ...records, dataSets: { ...records.dataSets, energy: other } });
    expect(normaliseRequest({ user, dataProviders: ['UVA', 'VU'] }, both).dataSet).toBe('wageGap');
    expect(failure({ user }, { ...records, dataSets: { ...records.dataSets, energy: other } })).toMatchObject(
      {
        code: 'input-invalid',
        message:
          'The request names no data set, and there are several: name one as dataSet (energy, wageGap).',
      },
    );
  });

  it.each<[string, RequestBody, string, string]>([
    [
      'party',
      { user, dataProviders: ['UVU'] },
      'unknown-party',
      'There is no party UVU (did you mean UVA?); known: RUG, SURF, UVA, VU.',
    ],
    [
      'data set',
      { user, dataSet: 'wagegap' },
      'unknown-data-set',
      'There is no data set wagegap (did you mean wageGap?); known: wageGap.',
    ],
    [
      'request type',
      { user, requestType: 'sparql' },
      'unknown-request-type',
      'There is no request type sparql; known: sqlDataRequest.',
    ],
    [
      'archetype',
      { user, archetype: 'federatedAgregate' },
      'unknown-archetype',
      'There is no archetype federatedAgregate (did you mean federatedAggregate?); known: computeToData, dataThroughTtp, federatedAggregate.',
    ],
    [
      'compute provider',
      { user, computeProvider: 'SURFF' },
      'unknown-party',
      'There is no party SURFF (did you mean SURF?); known: RUG, SURF, UVA, VU.',
    ],
    [
      'option',
      { user, options: { anonymise: true } },
      'unknown-option',
      'There is no option anonymise (did you mean anonymize?); known: aggregate, anonymize, graph.',
    ],
    [
      'algorithm as an option',
      { user, options: { algorithm: true } },
      'unknown-option',
      'An algorithm is not an option; put it under algorithm, as in {"name": "average"}.',
    ],
    [
      'column that is not declared',
      { user, algorithm: { name: 'average', column: 'Salschaal' } },
      'input-invalid',
      'Data set wageGap declares no column Salschaal (did you mean Salschal?); use one of: Aanstellingen.Salschal, Aanstellingen.Taakomv.',
    ],
    [
      'group that is a person',
      { user, algorithm: { name: 'count', groupBy: ['Personen.Unieknr'] } },
      'input-invalid',
      'Column Personen.Unieknr of data set wageGap is not declared as a group; use one of: Aanstellingen.HOOPgeb, Aanstellingen.Peildat, Personen.Geslacht, Personen.Peildat.',
    ],
    [
      'ambiguous group',
      { user, algorithm: { name: 'count', groupBy: ['Peildat'] } },
      'input-invalid',
      'Column Peildat of data set wageGap can be Aanstellingen.Peildat or Personen.Peildat; name it with its table.',
    ],
    [
      'histogram without bins',
      { user, algorithm: { name: 'histogram', column: 'Salschal' } },
      'input-invalid',
      'A histogram of Aanstellingen.Salschal needs bins, and data set wageGap declares none for it; add algorithm.bins with a width.',
    ],
    [
      'bins of an average',
      { user, algorithm: { name: 'average', bins: { width: 1 } } },
      'input-invalid',
      'Algorithm average has no bins; leave algorithm.bins out, or ask for a histogram.',
    ],
  ])('refuses an unknown or unfit %s, and says what is known', (_what, body, code, message) => {
    expect(failure(body)).toMatchObject({ code, message });
  });
});
