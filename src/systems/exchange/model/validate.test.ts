import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { consortium, openRelation, wageGap } from '../scenarios/consortium.js';
import { agreement } from './agreement.js';
import { archetype } from './archetype.js';
import { catalogueSchemas } from './catalogue.js';
import { dataSet } from './data-set.js';
import { party } from './party.js';
import { requestBody } from './request.js';
import { assertValid, issueText, validate } from './validate.js';

function faults(schema: z.ZodType, value: unknown): string[] {
  const result = validate(schema, value);
  return result.ok ? [] : result.issues.map(issueText);
}

describe('validate', () => {
  it('takes what is built in and the consortium of the scenarios', () => {
    for (const [kind, values] of Object.entries(consortium({ VU: { relations: { ada: openRelation } } }))) {
      const schema = catalogueSchemas[kind as keyof typeof catalogueSchemas];
      for (const value of Object.values(values)) expect(validate(schema, value)).toEqual({ ok: true, value });
    }
  });

  it('says each unknown field with the nearest known one', () => {
    expect(faults(party, { nmae: 'VU', roles: ['dataprovider'], extra: 1 })).toEqual([
      'name: missing; add it, as text',
      'roles.0: expected one of dataProvider, computeProvider, requester, but found "dataprovider" (did you mean dataProvider?)',
      'nmae: unknown field nmae (did you mean name?); the fields here are name, roles, description, key',
      'extra: unknown field extra; the fields here are name, roles, description, key',
    ]);
  });

  it('says wrong types and sizes in plain words', () => {
    const relation = { ...openRelation, requestTypes: [], output: { form: 'rows', minimumGroupSize: 0 } };
    expect(faults(agreement, { relations: { ada: relation, '?': openRelation }, denied: 7 })).toEqual([
      'relations.ada.requestTypes: expected at least 1 entries',
      'relations.ada.output.minimumGroupSize: expected at least 1, but found 0',
      'relations.?: the id of a person starts with a letter or digit, then up to 127 letters, digits or . _ @ + -; write one that does',
      'denied: expected an object, but found 7',
    ]);
  });

  it('takes the form of a source that was probably meant', () => {
    const sources = { VU: { sample: { seed: 'x' } }, UVA: { tables: { Personen: { files: 'p.csv' } } } };
    expect(faults(dataSet, { ...wageGap, sources })).toEqual([
      'sources.VU.sample.seed: expected a number, but found "x"',
      'sources.UVA.tables.Personen.file: missing; add it, as text',
      'sources.UVA.tables.Personen.files: unknown field files (did you mean file?); the fields here are file, format, delimiter, table',
    ]);
  });

  it('throws every fault at once, as text and as data', () => {
    expect(() => assertValid(requestBody, { user: { id: '' }, dataProviders: [] }, 'the request')).toThrow(
      /^Correct the request:\n {2}user\.id: the id of a person .*\n {2}dataProviders: expected at least 1 entries$/,
    );
  });

  it('refuses a query of more than 100 kB, counted in bytes', () => {
    const query = 'é'.repeat(50_001);
    expect(faults(requestBody, { user: { id: 'a' }, query })).toEqual([
      'query: the query is longer than 100 kB; shorten it',
    ]);
  });
});

describe('a data set', () => {
  it('contradicts itself nowhere', () => {
    const value = {
      ...wageGap,
      unit: ['Personen.Unieknr', 'Personen.Peildat', 'Aanstellingen.Unieknr'],
      groups: ['Personen.Unieknr', 'Person.Geslacht'],
      anonymize: { 'Aanstellingen.Unieknr': { method: 'drop' } },
      defaults: { from: 'Personen', algorithm: 'sum', groupBy: ['Personen.Geslacht'] },
      sources: { VU: { tables: { Persons: { file: 'p.csv' }, Personen: { file: 'p.csv' } } } },
    };
    expect(faults(dataSet, value)).toEqual([
      'groups.1: table Person of column Person.Geslacht is not declared under tables (did you mean Personen?); declare it or correct the name',
      'unit.1: table Personen has the unit columns Personen.Unieknr and Personen.Peildat; name one column per table',
      'groups.0: Personen.Unieknr identifies a person, so it cannot be a group; remove it here',
      'anonymize.Aanstellingen.Unieknr: persons are counted by Aanstellingen.Unieknr, so it can only be pseudonymized; use method: pseudonymize',
      'defaults.algorithm: the default algorithm sum needs a column; add defaults.column',
      'defaults.groupBy.0: the default group Personen.Geslacht is not declared under groups; declare it there',
      'sources.VU.tables.Persons: table Persons is not declared under tables (did you mean Personen?); declare it or remove it',
      'sources.VU.tables: the source of VU has no file for Aanstellingen; add one for every table',
    ]);
  });

  it('splits columns at the first dot, so a column may have dots and blanks', () => {
    const groups = ['Personen.Land. van herkomst'];
    expect(faults(dataSet, { ...wageGap, groups, defaults: { from: 'Personen' } })).toEqual([]);
  });
});

describe('an archetype', () => {
  it('gives every role to one place', () => {
    const value = {
      title: 'Rows to a third party',
      weight: 1,
      dataProvider: { roles: ['dataProvider', 'computeProvider'], releases: 'rows' },
      computeProvider: { roles: ['computeProvider'], receives: 'partials', releases: 'answer' },
    };
    expect(faults(archetype, value)).toEqual([
      'dataProvider.roles: a provider that releases rows does not compute; remove computeProvider',
      'computeProvider.receives: the data provider releases rows, but the compute provider receives partials; make them equal',
    ]);
  });

  it('may send rows to a third party', () => {
    const value = {
      title: 'Data through a third party',
      weight: 50,
      dataProvider: { roles: ['dataProvider'], releases: 'rows' },
      computeProvider: { roles: ['computeProvider'], receives: 'rows', releases: 'answer' },
    };
    expect(faults(archetype, value)).toEqual([]);
  });
});

describe('schemas', () => {
  it('turn into JSON Schema, for OpenAPI', () => {
    const { steps, ...others } = catalogueSchemas;
    for (const schema of [requestBody, ...steps.options, ...Object.values(others)]) {
      expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
        type: 'object',
        additionalProperties: false,
      });
    }
  });
});
