import { describe, expect, it } from 'vitest';
import {
  type Agreement,
  agreementHash,
  normaliseRequest,
  type Relation,
  type RequestBody,
} from '../model/index.js';
import { consortium, openRelation, toCatalogue, wageGap } from '../scenarios/consortium.js';
import { type ApprovalInput, approveProvider } from './approve-provider.js';
import { allowsColumn, commonColumns } from './columns.js';
import { strictestOutput } from './output-rule.js';

const ada = 'ada@university.example';

function input(relation: Partial<Relation>, body: Partial<RequestBody> = {}): ApprovalInput {
  const agreement: Agreement = { relations: { [ada]: { ...openRelation, ...relation } } };
  const catalogue = toCatalogue(consortium({ VU: agreement }));
  return {
    provider: 'VU',
    party: { name: 'Vrije Universiteit', roles: ['dataProvider'] },
    agreement: { value: agreement, revision: 7 },
    request: normaliseRequest({ user: { id: ada }, ...body }, catalogue),
    dataSet: wageGap,
    archetypes: catalogue.archetypes.keys(),
    foreignSteps: [],
    now: Date.UTC(2026, 2, 2),
  };
}

function refusals(given: ApprovalInput): string[] {
  const decision = approveProvider(given);
  return decision.approved ? [] : decision.reasons.map(({ code }) => code);
}

describe('approveProvider', () => {
  it('lets a foreign step have rows only where the relation names it, or requires it', () => {
    const asked = { foreignSteps: ['bands', 'regions'] };
    expect(refusals({ ...input({}), ...asked })).toEqual(['foreign-step', 'foreign-step']);
    expect(refusals({ ...input({ foreignSteps: ['bands'] }), ...asked })).toEqual(['foreign-step']);
    expect(refusals({ ...input({ foreignSteps: ['bands'], requiredSteps: ['regions'] }), ...asked })).toEqual(
      [],
    );
  });

  it('gives the rules of the relation, with their defaults, sorted', () => {
    const relation = {
      archetypes: ['unheardOf', 'federatedAggregate', 'computeToData'],
      computeProviders: ['TNO', 'SURF'],
      output: { form: 'aggregates' } as const,
      requiredSteps: ['sql-query', 'sql-anonymize'],
      limits: { timeSeconds: 5 },
    };
    const given = input(relation);
    expect(approveProvider(given)).toEqual({
      provider: 'VU',
      approved: true,
      user: ada,
      agreementRevision: 7,
      agreementHash: given.agreement && agreementHash(given.agreement.value),
      archetypes: ['computeToData', 'federatedAggregate'],
      computeProviders: ['SURF', 'TNO'],
      output: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
      requiredSteps: ['sql-anonymize', 'sql-query'],
      columns: { Personen: '*', Aanstellingen: '*' },
      limits: { timeSeconds: 5 },
    });
  });

  it('has no minimum for rows unless the relation says so', () => {
    const decision = approveProvider(input({ output: { form: 'rows' } }));
    expect(decision).toMatchObject({ output: { form: 'rows', minimumGroupSize: 1 } });
  });

  it.each([
    [{ form: 'aggregates' }, undefined],
    [{ form: 'aggregates', rowsAtComputeProvider: true }, true],
    [{ form: 'rows' }, true],
    [{ form: 'rows', rowsAtComputeProvider: false }, undefined],
  ] as const)('of %j lets rows go to a compute provider: %s', (output, rowsAtComputeProvider) => {
    const decision = approveProvider(input({ output }));
    expect(decision.approved && decision.output.rowsAtComputeProvider).toBe(rowsAtComputeProvider);
  });

  it('lists every reason at once', () => {
    const relation: Partial<Relation> = {
      expires: '2026-03-01',
      requestTypes: ['sparqlRequest'],
      dataSets: { wageGap: { columns: { Personen: ['Unieknr'] } } },
      archetypes: ['computeToData'],
      computeProviders: [],
    };
    const body = { archetype: 'federatedAggregate', computeProvider: 'SURF' };
    const given = input(relation, body);

    expect(refusals({ ...given, party: { name: 'SURF', roles: ['computeProvider'] } })).toEqual([
      'not-a-data-provider',
      'expired',
      'request-type',
      'columns',
      'archetype',
      'compute-provider',
    ]);
  });

  it('names the columns that are missing from the relation, unit columns included', () => {
    const columns = { Personen: ['Unieknr', 'Geslacht'], Aanstellingen: ['Salschal'] };
    const decision = approveProvider(input({ dataSets: { wageGap: { columns } } }));
    expect(decision).toEqual({
      provider: 'VU',
      approved: false,
      reasons: [
        {
          code: 'columns',
          message:
            'VU does not allow ada@university.example to use Aanstellingen.Unieknr of data set wageGap. Ask without, or ask the data steward of VU to add what is missing.',
        },
      ],
    });
  });

  it('lets no extremes out unless the relation says so', () => {
    const body = { algorithm: { name: 'max' } } as const;
    const decision = approveProvider(input({}, body));
    expect(decision.approved ? [] : decision.reasons).toEqual([
      {
        code: 'extremes',
        message:
          "VU releases no extremes to ada@university.example, and max is one person's own value. Ask for an average or a histogram, or ask the data steward of VU to allow extremes.",
      },
    ]);
    expect(refusals(input({ output: { form: 'rows' } }, { algorithm: { name: 'min' } }))).toEqual([
      'extremes',
    ]);
    expect(refusals(input({ output: { form: 'aggregates', extremes: true } }, body))).toEqual([]);
  });

  it('lets a compute provider see small groups only where the relation says so', () => {
    const outputOf = (output: Relation['output']) => {
      const decision = approveProvider(input({ output }));
      return decision.approved ? decision.output : undefined;
    };
    const aggregates = { form: 'aggregates', minimumGroupSize: 10, extremes: false } as const;
    expect(outputOf({ form: 'aggregates', smallGroupsAtComputeProvider: false })).toEqual(aggregates);
    const allowed = { ...aggregates, smallGroupsAtComputeProvider: true } as const;
    expect(outputOf({ form: 'aggregates', smallGroupsAtComputeProvider: true })).toEqual(allowed);
    expect(strictestOutput([allowed, allowed])).toEqual(allowed);
    expect(strictestOutput([allowed, aggregates])).toEqual(aggregates);
  });

  it('leaves the columns of a query that the requester wrote to the agent', () => {
    const columns = { Personen: ['Geslacht'], Aanstellingen: ['Salschal'] };
    const body = { query: 'SELECT 1', algorithm: { name: 'average' } } as const;
    expect(refusals(input({ dataSets: { wageGap: { columns } } }, body))).toEqual([]);
  });

  it('says that the data set is not offered, or not in the relation', () => {
    const given = input({ dataSets: { energy: { columns: { Meters: '*' } } } });
    expect(refusals({ ...given, provider: 'TNO' })).toEqual(['data-set-not-offered', 'data-set-not-allowed']);
  });

  it('does not mistake inherited names for entries', () => {
    const given = input({});
    const request = { ...given.request, user: { id: 'constructor' } };
    expect(refusals({ ...given, request })).toEqual(['no-relation']);
  });
});

describe('columns', () => {
  it('are allowed by name or all together', () => {
    const columns = { A: ['x', 'y.z'], B: '*' } as const;
    const allowed = { A: [...columns.A], B: columns.B };
    const names = ['A.x', 'A.y.z', 'A.q', 'B.anything', 'C.x', 'constructor.name'];
    expect(names.map((name) => allowsColumn(allowed, name))).toEqual([true, true, false, true, false, false]);
  });

  it('in common are those that both allow', () => {
    expect(
      commonColumns(
        { A: '*', B: ['x', 'y'], C: '*', D: ['x'], E: '*' },
        { A: ['a'], B: ['y'], C: '*', D: ['y'] },
      ),
    ).toEqual({ A: ['a'], B: ['y'], C: '*' });
  });
});
