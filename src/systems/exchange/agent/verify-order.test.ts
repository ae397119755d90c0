import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { commonColumns } from '../approve/index.js';
import type { DataProviderChain } from '../compose/index.js';
import { recheckJob } from '../job/index.js';
import type { Relation } from '../model/index.js';
import { consortium, openRelation, toCatalogue } from '../scenarios/consortium.js';
import { ada, askedAt, type DecidedQuestion, decidedQuestion } from '../scenarios/decided-question.js';
import type { Order } from './agent.js';
import { madeOrder, providerChain } from './made-order.js';
import { type VerifyInput, verifyOrder } from './verify-order.js';

/** Why `party` refuses `order`; empty where it takes it. */
function reasons(
  decided: DecidedQuestion,
  order: Order,
  changes: Partial<VerifyInput> = {},
): readonly unknown[] {
  try {
    verifyOrder({
      party: order.party,
      order,
      catalogue: decided.catalogue,
      now: askedAt,
      seen: () => false,
      ...changes,
    });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof StarlingError)) throw thrown;
    expect(thrown.code).toBe('order-refused');
    const told: unknown = thrown.details?.reasons;
    return Array.isArray(told) ? told : [told];
  }
}

const own = decidedQuestion();
const merged = decidedQuestion({ archetype: 'federatedAggregate' });

/** The order for VU with other things in its chain. */
function changedChain(changes: Partial<DataProviderChain>, decided: DecidedQuestion = own): Order {
  const order = madeOrder(decided, 'VU');
  return { ...order, chain: { ...providerChain(order), ...changes } };
}

/** The consortium in which VU's agreement, of revision 1, allows Ada `relation`. */
function catalogueWith(relation: Partial<Relation>) {
  return toCatalogue(consortium({ VU: { relations: { [ada.id]: { ...openRelation, ...relation } } } }));
}

describe('an order that keeps to the agreement', () => {
  it('is taken by each data provider and by the compute provider', () => {
    expect(reasons(own, madeOrder(own, 'VU'))).toEqual([]);
    expect(reasons(own, madeOrder(own, 'UVA'))).toEqual([]);
    for (const party of ['VU', 'UVA', 'SURF']) expect(reasons(merged, madeOrder(merged, party))).toEqual([]);
  });

  it('is taken until the last moment of its time', () => {
    const order = madeOrder(own, 'VU');
    expect(reasons(own, order, { now: order.expiresAt - 1 })).toEqual([]);
    expect(reasons(own, order, { now: order.expiresAt })).toEqual(['Its time is over.']);
  });

  it('may be stricter than the agreement: larger groups, fewer columns, lower limits', () => {
    const order = changedChain({
      output: { form: 'aggregates', minimumGroupSize: 25, extremes: false },
      columns: { Personen: ['Unieknr', 'Geslacht', 'Peildat'], Aanstellingen: '*' },
      limits: { timeSeconds: 1 },
    });
    expect(reasons(own, order, { catalogue: catalogueWith({ limits: { timeSeconds: 5 } }) })).toEqual([]);
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
    const order = madeOrder({ ...own, composition }, 'VU');
    expect(providerChain(order).columns).toEqual(
      commonColumns(providerChain(madeOrder(before, 'VU')).columns, { Personen: '*', Aanstellingen: '*' }),
    );
    expect(reasons(own, order)).toEqual([]);
  });
});

describe('an order is refused', () => {
  it('where it is for another party, by its own word or that of its chain', () => {
    expect(reasons(own, madeOrder(own, 'VU'), { party: 'UVA' })).toEqual(['It is for VU, and this is UVA.']);
    const { chain } = madeOrder(own, 'UVA');
    expect(reasons(own, madeOrder(own, 'VU', { chain }))).toEqual(['It is for UVA, and this is VU.']);
  });

  it('where it was given before', () => {
    const order = madeOrder(own, 'VU');
    expect(reasons(own, order, { seen: (id) => id === order.id })).toEqual(['It was given before.']);
  });

  it('where it rests on another revision of the agreement than the one in force', () => {
    const catalogue = toCatalogue(consortium({ VU: { relations: { [ada.id]: openRelation } } }), 7);
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue })).toEqual([
      'It rests on revision 1 of the agreement, and 7 is in force.',
    ]);
  });

  it('where the agreement was withdrawn', () => {
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue: toCatalogue(consortium()) })).toEqual([
      'It rests on revision 1 of the agreement, and none is in force.',
    ]);
  });

  it('where the agreement of that revision does not allow the question', () => {
    const catalogue = toCatalogue(consortium({ VU: { relations: {} } }));
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue })).toEqual([
      'VU has no relation with ada@university.example in its agreement. Ask the data steward of VU to add one.',
    ]);
    const expired = catalogueWith({ expires: '2026-03-01' });
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue: expired })).toEqual([
      'The relation of VU with ada@university.example expired on 2026-03-01. Ask the data steward of VU to renew it.',
    ]);
  });

  it('where the data set is not known any more', () => {
    const catalogue = { ...own.catalogue, dataSets: new Map() };
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue })).toEqual(['VU does not know data set wageGap.']);
  });

  it('where its archetype is not allowed', () => {
    const catalogue = catalogueWith({ archetypes: ['federatedAggregate'] });
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue })).toEqual([
      'Archetype computeToData is not allowed.',
    ]);
  });

  it('where its compute provider is not allowed', () => {
    const catalogue = catalogueWith({ computeProviders: ['OTHER'] });
    expect(reasons(merged, madeOrder(merged, 'VU'), { catalogue })).toEqual([
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

  it('where it names a column, a whole table or a table that the agreement does not allow', () => {
    const catalogue = catalogueWith({
      dataSets: {
        wageGap: { columns: { Personen: ['Unieknr', 'Geslacht', 'Peildat'], Aanstellingen: '*' } },
      },
    });
    const other = ['It names other columns than the agreement.'];
    const withColumns = (columns: DataProviderChain['columns']) =>
      reasons(own, changedChain({ columns }), { catalogue });
    expect(withColumns({ Personen: ['Unieknr', 'Gebdat'], Aanstellingen: '*' })).toEqual(other);
    expect(withColumns({ Personen: '*', Aanstellingen: '*' })).toEqual(other);
    expect(withColumns({ Aanstellingen: '*', Salarissen: '*' })).toEqual(other);
  });

  it('where it lacks a step that the agreement requires', () => {
    const catalogue = catalogueWith({ requiredSteps: ['sql-anonymize'] });
    expect(reasons(own, madeOrder(own, 'VU'), { catalogue })).toEqual([
      'The chain lacks the required step sql-anonymize.',
    ]);
  });

  it('where it sets limits higher than agreed, or leaves them out', () => {
    const catalogue = catalogueWith({ limits: { timeSeconds: 5, rows: 100, memoryMegabytes: 256 } });
    const order = changedChain({ limits: { timeSeconds: 6, rows: 100 } });
    expect(reasons(own, order, { catalogue })).toEqual([
      'It goes past the agreed limits: memoryMegabytes, timeSeconds.',
    ]);
  });

  it('where the party that is to merge is not a compute provider', () => {
    const order = madeOrder(merged, 'SURF');
    const moved = { ...order, party: 'VU', chain: { ...order.chain, party: 'VU' } };
    expect(reasons(merged, moved)).toEqual(['VU is not a compute provider.']);
  });

  it('where it brings another number of inputs than providers take part, or none at all', () => {
    const order = madeOrder(merged, 'SURF');
    expect(reasons(merged, { ...order, inputs: order.inputs.slice(1) })).toEqual([
      'It brings 1 inputs, and 2 are expected.',
    ]);
    const nobody = { ...order, inputs: [], chain: { ...order.chain, receivesFrom: [] } };
    expect(reasons(merged, nobody)).toEqual(['It brings 0 inputs, and 0 are expected.']);
  });

  it('with every reason at once', () => {
    const order = changedChain({ output: { form: 'rows', minimumGroupSize: 1, extremes: false } });
    const now = order.expiresAt + 1;
    const catalogue = catalogueWith({ requiredSteps: ['sql-anonymize'] });
    const told = reasons(own, { ...order, party: 'UVA' }, { party: 'VU', now, seen: () => true, catalogue });
    expect(told).toEqual([
      'It is for UVA, and this is VU.',
      'Its time is over.',
      'It was given before.',
      'Groups of 1 are smaller than the agreed 10.',
      'Rows may not leave.',
      'The chain lacks the required step sql-anonymize.',
    ]);
    expect(() =>
      verifyOrder({ party: 'VU', order, catalogue: own.catalogue, now, seen: () => false }),
    ).toThrow(/^VU refuses the order: Its time is over\. .*Rows may not leave\. Ask the question again\.$/);
  });
});
