import { describe, expect, it } from 'vitest';
import { commonColumns } from '../approve/index.js';
import type { DataProviderChain } from '../compose/index.js';
import { recheckJob } from '../job/index.js';
import {
  type Agreement,
  type Archetype,
  agreementHash,
  builtInArchetypes,
  type Catalogue,
  type ComputingParty,
  type Relation,
} from '../model/index.js';
import type { OrderClaims } from '../order/index.js';
import { consortium, openRelation, toCatalogue, wageGap } from '../scenarios/consortium.js';
import { ada, askedAt, type DecidedQuestion, decidedQuestion } from '../scenarios/decided-question.js';
import { madeClaims, providerChain } from './made-order.js';
import { groundReasons, lostReasons, type OwnGround } from './verify-order.js';

/** What `party` has in force by a catalogue. */
function groundOf(party: string, catalogue: Catalogue, now = askedAt): OwnGround {
  const agreement = catalogue.agreements.get(party)?.value;
  return {
    party,
    agreement: agreement === undefined ? undefined : { agreement, version: 1 },
    declarations: catalogue,
    now,
  };
}

/** Why the party that an order is for refuses it, by `catalogue`; empty where it takes it. */
function reasons(decided: DecidedQuestion, claims: OrderClaims, catalogue = decided.catalogue): string[] {
  return groundReasons(claims, groundOf(claims.aud, catalogue));
}

/** Why it would stop it, if it ran when `catalogue` came in force. */
function lost(claims: OrderClaims, catalogue: Catalogue): string[] {
  return lostReasons(claims, groundOf(claims.aud, catalogue));
}

const own = decidedQuestion();
const merged = decidedQuestion({ archetype: 'federatedAggregate' });
const ownVU = madeClaims(own, 'VU');

/** The order for VU with other things in its chain. */
function changedChain(changes: Partial<DataProviderChain>, decided: DecidedQuestion = own): OrderClaims {
  const claims = madeClaims(decided, 'VU');
  return { ...claims, chain: { ...providerChain(claims), ...changes } };
}

/** The agreement of VU that allows Ada `relation`. */
function agreementWith(relation: Partial<Relation>): Agreement {
  return { relations: { [ada.id]: { ...openRelation, ...relation } } };
}

/** The consortium in which VU's agreement allows Ada `relation`. */
function catalogueWith(relation: Partial<Relation>): Catalogue {
  return toCatalogue(consortium({ VU: agreementWith(relation) }));
}

/** The order as a gateway signs it that knows the agreement in `catalogue`, and gives nothing for what it says. */
function resting(claims: OrderClaims, catalogue: Catalogue): OrderClaims {
  const agreement = catalogue.agreements.get('VU')?.value;
  if (agreement === undefined) throw new Error('VU has an agreement here.');
  const hash = agreementHash(agreement);
  return { ...claims, agreement: hash, chain: { ...providerChain(claims), agreementHash: hash } };
}

/** Why VU refuses an order that a hostile gateway gives in full knowledge of the agreement in `catalogue`. */
function knowingly(claims: OrderClaims, catalogue: Catalogue): string[] {
  const told = groundReasons(resting(claims, catalogue), groundOf('VU', catalogue));
  expect(lost(claims, catalogue)).toEqual(told);
  return told;
}

describe('an order that keeps to the agreement', () => {
  it('is taken by each data provider and by the compute provider', () => {
    expect(reasons(own, ownVU)).toEqual([]);
    expect(reasons(own, madeClaims(own, 'UVA'))).toEqual([]);
    for (const party of ['VU', 'UVA', 'SURF']) expect(reasons(merged, madeClaims(merged, party))).toEqual([]);
  });

  it('lets rows go to a compute provider where the agreement does, and figures alone from there', () => {
    const relation = {
      archetypes: ['dataThroughTtp'],
      output: { form: 'aggregates', rowsAtComputeProvider: true },
      requiredSteps: ['sql-anonymize', 'sql-algorithm'],
    } as const satisfies Partial<Relation>;
    const decided = decidedQuestion({}, { relation: { ...relation, archetypes: ['dataThroughTtp'] } });
    for (const party of ['VU', 'UVA', 'SURF'])
      expect(reasons(decided, madeClaims(decided, party))).toEqual([]);

    const claims = madeClaims(decided, 'VU');
    const closed = catalogueWith({ ...relation, output: { form: 'aggregates' } });
    expect(knowingly(claims, closed)).toEqual([
      'Rows may not go to a compute provider.',
      'Its output lets rows go to a compute provider, and the agreement does not.',
    ]);
    const bare = providerChain(claims).steps.filter(({ step }) => step !== 'sql-anonymize');
    expect(reasons(decided, changedChain({ steps: bare }, decided))).toEqual([
      'The chain lacks the required step sql-anonymize.',
    ]);

    const computed = madeClaims(decided, 'SURF');
    const chain = { ...computed.chain, steps: [], receives: 'partials' } as const;
    if (chain.place !== 'computeProvider') throw new Error('SURF computes here.');
    expect(reasons(decided, { ...computed, chain })).toEqual([
      'Under archetype dataThroughTtp it may receive rows, and not partials.',
      'Only figures may leave, and the chain computes none.',
    ]);
  });

  it('keeps to what the archetype says of who computes and who gets the answer, as the party itself declares it', () => {
    const { federatedAggregate } = builtInArchetypes;
    if (federatedAggregate?.computeProvider === undefined) throw new Error('SURF merges under it.');
    const { computeProvider } = federatedAggregate;
    const declared = (archetype: Archetype, relation: Partial<Relation> = {}): Catalogue => {
      const records = consortium({ VU: agreementWith(relation) });
      return toCatalogue({
        ...records,
        archetypes: { ...records.archetypes, federatedAggregate: archetype },
      });
    };
    const by = (who: ComputingParty): Archetype => ({
      ...federatedAggregate,
      computeProvider: { ...computeProvider, who },
    });
    const claims = madeClaims(merged, 'VU');
    const ownPeople: Archetype = { ...federatedAggregate, recipient: 'dataProvider' };
    expect(knowingly(claims, declared(ownPeople, { home: 'VU' }))).toEqual([]);
    expect(knowingly(claims, declared(ownPeople))).toEqual([
      'Archetype federatedAggregate is not for this: VU answers only its own people under it, and names no home of ada@university.example.',
    ]);
    expect(knowingly(claims, declared(by('requesterHome'), { home: 'SURF' }))).toEqual([]);
    expect(knowingly(claims, declared(by('requesterHome'), { home: 'VU' }))).toEqual([
      'Archetype federatedAggregate is not for this: VU lets only the home of whoever asks compute under it, and names VU as the home of ada@university.example.',
    ]);
    expect(knowingly(claims, declared(by('thirdParty')))).toEqual([]);
    const notSurf = 'Under archetype federatedAggregate a data provider computes, and SURF is none.';
    expect(knowingly(claims, declared(by('dataProvider')))).toEqual([notSurf]);

    const merging = madeClaims(merged, 'SURF');
    expect(reasons(merged, merging, declared(by('dataProvider')))).toEqual([notSurf]);
    expect(reasons(merged, merging, declared(by('thirdParty')))).toEqual([]);
    const self = { ...merging, chain: { ...merging.chain, receivesFrom: ['SURF', 'VU'] } };
    expect(reasons(merged, self, declared(by('thirdParty')))).toEqual([
      'Under archetype federatedAggregate a third party computes, and SURF gives data itself.',
    ]);
  });

  it('may be stricter than the agreement: larger groups, fewer columns, lower limits', () => {
    const claims = changedChain({
      output: { form: 'aggregates', minimumGroupSize: 25, extremes: false },
      columns: { Personen: ['Unieknr', 'Geslacht', 'Peildat'], Aanstellingen: '*' },
      limits: { timeSeconds: 1 },
    });
    expect(knowingly(claims, catalogueWith({ limits: { timeSeconds: 5 } }))).toEqual([]);
  });

  it('is taken for a follow-up of a job whose provider allows more by now', () => {
    const before = decidedQuestion(
      {},
      {
        relation: {
          dataSets: {
            wageGap: { columns: { Personen: ['Peildat', 'Unieknr', 'Geslacht'], Aanstellingen: '*' } },
          },
        },
      },
    );
    const { question, decisions, catalogue } = own;
    const composition = recheckJob({
      composition: before.composition,
      decisions,
      request: question,
      catalogue,
    });
    const claims = madeClaims({ ...own, composition }, 'VU');
    expect(providerChain(claims).columns).toEqual(
      commonColumns(providerChain(madeClaims(before, 'VU')).columns, { Personen: '*', Aanstellingen: '*' }),
    );
    expect(reasons(own, claims)).toEqual([]);
  });

  it('keeps its ground where the agreement changed in what does not touch it', () => {
    const other = { ...agreementWith({}), denied: { 'mallory@university.example': 'No.' } };
    const catalogue = toCatalogue(consortium({ VU: other }));
    expect(lost(ownVU, catalogue)).toEqual([]);
    expect(reasons(own, ownVU, catalogue)).toHaveLength(1);
  });
});

describe('an order is refused', () => {
  it('where it rests on another version of the agreement than is in force, by either of its words', () => {
    const other =
      'It rests on another version of the agreement than is in force at VU (version 1): ask again once the gateway has heard of it.';
    expect(reasons(own, ownVU, catalogueWith({ limits: { rows: 5 } }))).toEqual([other]);
    expect(reasons(own, { ...ownVU, agreement: 'another' })).toEqual([other]);
    expect(reasons(own, changedChain({ agreementHash: 'another' }))).toEqual([other]);
    const { agreement: _, ...without } = ownVU;
    expect(reasons(own, without)).toEqual([other]);
  });

  it('where the agreement was removed, or there never was one', () => {
    const none = 'It rests on an agreement, and VU has none in force.';
    expect(reasons(own, ownVU, toCatalogue(consortium()))).toEqual([none]);
    const removed = { ...groundOf('VU', own.catalogue), agreement: { agreement: null, version: 2 } };
    expect(groundReasons(ownVU, removed)).toEqual([none]);
    expect(lostReasons(ownVU, removed)[0]).toMatch(/^VU \(Vrije Universiteit\) has no agreement/);
  });

  it('where the agreement does not allow the question', () => {
    expect(knowingly(ownVU, toCatalogue(consortium({ VU: { relations: {} } })))).toEqual([
      'VU has no relation with ada@university.example in its agreement. Ask the data steward of VU to add one.',
    ]);
    expect(knowingly(ownVU, catalogueWith({ expires: '2026-03-01' }))).toEqual([
      'The relation of VU with ada@university.example expired on 2026-03-01. Ask the data steward of VU to renew it.',
    ]);
  });

  it('where the data set is not known any more, or declared otherwise; where its rows are does not matter', () => {
    const without = { ...own.catalogue, dataSets: new Map() };
    expect(reasons(own, ownVU, without)).toEqual(['VU does not know data set wageGap.']);
    const declared = (change: object) => {
      const dataSets = { wageGap: { ...wageGap, ...change } };
      return toCatalogue({ ...consortium({ VU: agreementWith({}) }), dataSets });
    };
    const elsewhere = { sources: { VU: { sample: { seed: 9 } } } };
    expect(reasons(own, ownVU, declared(elsewhere))).toEqual([]);
    const otherwise = ['Data set wageGap is declared otherwise at VU than the gateway takes it to be.'];
    const catalogue = declared({ measures: {} });
    expect([reasons(own, ownVU, catalogue)[0], lost(ownVU, catalogue)[0]]).toEqual([
      ...otherwise,
      ...otherwise,
    ]);
    expect(reasons(own, { ...ownVU, dataSet: 'another' })).toEqual(otherwise);
    expect(reasons(merged, { ...madeClaims(merged, 'SURF'), dataSet: 'another' })).toEqual([
      'Data set wageGap is declared otherwise at SURF than the gateway takes it to be.',
    ]);
  });

  it('where its archetype is not allowed', () => {
    expect(knowingly(ownVU, catalogueWith({ archetypes: ['federatedAggregate'] }))).toEqual([
      'Archetype computeToData is not allowed.',
    ]);
  });

  it('where it releases otherwise than its archetype, or to nobody that the archetype names', () => {
    expect(reasons(own, changedChain({ releases: 'partials' }))).toEqual([
      'Under archetype computeToData it may release answer, and not partials.',
    ]);
    expect(reasons(own, changedChain({ computeProvider: 'SURF' }))).toEqual([
      'Archetype computeToData has no compute provider.',
    ]);
    const claims = madeClaims(merged, 'VU');
    const { computeProvider: _, ...nobody } = providerChain(claims);
    expect(reasons(merged, { ...claims, chain: nobody })).toEqual([
      'Archetype federatedAggregate needs a compute provider, and it names none.',
    ]);
  });

  it('where its compute provider is not allowed', () => {
    expect(knowingly(madeClaims(merged, 'VU'), catalogueWith({ computeProviders: ['RUG'] }))).toEqual([
      'Compute provider SURF is not allowed.',
    ]);
  });

  it('where its groups are smaller than agreed', () => {
    const output = { form: 'aggregates', minimumGroupSize: 9, extremes: false } as const;
    expect(reasons(own, changedChain({ output }))).toEqual(['Groups of 9 are smaller than the agreed 10.']);
  });

  it('where it takes rows and only aggregates may leave', () => {
    const output = { form: 'rows', minimumGroupSize: 10, extremes: false } as const;
    expect(reasons(own, changedChain({ output }))).toEqual(['Rows may not leave.']);
  });

  it('where it takes extremes that may not leave', () => {
    const output = { form: 'aggregates', minimumGroupSize: 10, extremes: true } as const;
    expect(reasons(own, changedChain({ output }))).toEqual(['Extremes may not leave.']);
  });

  it('where it asks for an extreme that its chain, or the agreement, does not let out', () => {
    const extremes = { relation: { output: { form: 'aggregates', extremes: true } } } as const;
    const decided = decidedQuestion({ algorithm: { name: 'max' } }, extremes);
    expect(reasons(decided, madeClaims(decided, 'VU'))).toEqual([]);
    const output = { form: 'aggregates', minimumGroupSize: 10, extremes: false } as const;
    expect(reasons(decided, changedChain({ output }, decided))).toEqual([
      'It asks for max, and its chain lets no extremes out.',
    ]);
    expect(knowingly(madeClaims(decided, 'VU'), catalogueWith({}))[0]).toMatch(/^VU releases no extremes/);
  });

  it('where it sends small groups to a compute provider that may not have them', () => {
    const output = {
      form: 'aggregates',
      minimumGroupSize: 10,
      extremes: false,
      smallGroupsAtComputeProvider: true,
    } as const;
    expect(reasons(merged, changedChain({ output }, merged))).toEqual([
      'Small groups may not go to a compute provider.',
    ]);
    const allowed = decidedQuestion(
      { archetype: 'federatedAggregate' },
      { relation: { output: { form: 'aggregates', smallGroupsAtComputeProvider: true } } },
    );
    expect(providerChain(madeClaims(allowed, 'VU')).output).toEqual(output);
    expect(reasons(allowed, madeClaims(allowed, 'VU'))).toEqual([]);
  });

  it('where it names a column, a whole table or a table that the agreement does not allow', () => {
    const catalogue = catalogueWith({
      dataSets: {
        wageGap: { columns: { Personen: ['Unieknr', 'Geslacht', 'Peildat'], Aanstellingen: '*' } },
      },
    });
    const other = ['It names other columns than the agreement.'];
    const withColumns = (columns: DataProviderChain['columns']) =>
      knowingly(changedChain({ columns }), catalogue);
    expect(withColumns({ Personen: ['Unieknr', 'Gebdat'], Aanstellingen: '*' })).toEqual(other);
    expect(withColumns({ Personen: '*', Aanstellingen: '*' })).toEqual(other);
    expect(withColumns({ Aanstellingen: '*', Salarissen: '*' })).toEqual(other);
  });

  it('where it lacks a step that the agreement requires', () => {
    expect(knowingly(ownVU, catalogueWith({ requiredSteps: ['sql-anonymize'] }))).toEqual([
      'The chain lacks the required step sql-anonymize.',
    ]);
  });

  it('where it sets limits higher than agreed, or leaves them out', () => {
    const catalogue = catalogueWith({ limits: { timeSeconds: 5, rows: 100, memoryMegabytes: 256 } });
    const claims = changedChain({ limits: { timeSeconds: 6, rows: 100 } });
    expect(knowingly(claims, catalogue)).toEqual([
      'It goes past the agreed limits: memoryMegabytes, timeSeconds.',
    ]);
  });

  it('where the party that is to merge is no compute provider, or merges nothing', () => {
    const claims = madeClaims(merged, 'SURF');
    const moved = { ...claims, aud: 'VU', chain: { ...claims.chain, party: 'VU' } };
    expect(reasons(merged, moved)).toEqual(['VU is not a compute provider.']);
    const nobody = { ...claims, chain: { ...claims.chain, receivesFrom: [] } };
    expect(reasons(merged, nobody)).toEqual(['It names nobody who sends it anything to compute with.']);
    const unknown = { ...claims, chain: { ...claims.chain, archetype: 'computeToData' } };
    expect(reasons(merged, unknown)).toEqual([
      'SURF knows no archetype computeToData in which somebody computes for others.',
    ]);
  });

  it('with every reason at once', () => {
    const claims = changedChain({ output: { form: 'rows', minimumGroupSize: 1, extremes: false } });
    expect(knowingly(claims, catalogueWith({ requiredSteps: ['sql-anonymize'] }))).toEqual([
      'Groups of 1 are smaller than the agreed 10.',
      'Rows may not leave.',
      'The chain lacks the required step sql-anonymize.',
    ]);
  });

  it('where the archetype was removed', () => {
    const { computeToData: _, ...archetypes } = builtInArchetypes;
    const catalogue = toCatalogue({ ...consortium({ VU: agreementWith({}) }), archetypes });
    expect(knowingly(ownVU, catalogue)).toEqual(['Archetype computeToData is not allowed.']);
  });
});
