import { describe, expect, it } from 'vitest';
import { decide } from '../ask/decide.js';
import { madeRecord } from '../ask/made-record.js';
import type { Crossing, RequestRecord, RunRecord } from '../ask/request-record.js';
import { normaliseRequest, type Relation } from '../model/index.js';
import { consortium, openRelation, toCatalogue } from '../scenarios/consortium.js';
import { ada, askedAt, decidedQuestion } from '../scenarios/decided-question.js';
import { explain } from './explain.js';

const id = 'r-2aaaaaaaa0000';

const question = {
  requestType: 'sqlDataRequest',
  dataSet: 'wageGap',
  query:
    'SELECT Personen.Unieknr AS "Personen.Unieknr", Aanstellingen.Unieknr AS "Aanstellingen.Unieknr", Personen.Geslacht AS Geslacht, Aanstellingen.Salschal AS Salschal FROM Personen JOIN Aanstellingen ON Personen.Unieknr = Aanstellingen.Unieknr AND Personen.Peildat = Aanstellingen.Peildat',
  queryGiven: false,
  algorithm: {
    name: 'average',
    column: 'Aanstellingen.Salschal',
    groupBy: ['Personen.Geslacht'],
    total: false,
  },
  options: [],
};

const rugRefuses = {
  provider: 'RUG',
  outcome: 'refused',
  because: [
    'RUG (Rijksuniversiteit Groningen) has no agreement, so nobody may use its data. Ask the data steward of RUG to write one that names ada@university.example.',
  ],
};

function tookPart(provider: string) {
  const because = [
    `The relation of ${provider} with ada@university.example allows computeToData and federatedAggregate; what may leave: aggregates.`,
  ];
  return { provider, outcome: 'took part', because, agreementRevision: 1, minimumGroupSize: 10 };
}

function run(party: string, place: RunRecord['place'] = 'dataProvider'): RunRecord {
  return {
    party,
    place,
    archetype: 'computeToData',
    steps: [{ step: 'sql-algorithm', mode: 'whole' }],
    state: 'done',
    startedAt: askedAt + 5,
    endedAt: askedAt + 30,
    waitedMs: 2,
    phases: [{ name: 'execute', ms: 12 }],
    statement: 'SELECT 1',
    read: ['Personen.Geslacht'],
  };
}

describe('a request that each provider answers by itself', () => {
  it('is explained from the question to what crossed a border', () => {
    const crossings: Crossing[] = [
      { from: 'UVA', to: 'requester', what: 'answer', rows: 2, bytes: 120 },
      { from: 'VU', to: 'requester', what: 'answer', rows: 1, bytes: 80 },
    ];
    const table = (groups: number) => ({
      columns: ['Geslacht', 'average', 'rows'],
      rows: [],
      withheld: { groups, total: false, minimumGroupSize: 10 },
    });
    const record = madeRecord(decidedQuestion(), {
      state: 'answered',
      endedAt: askedAt + 42,
      runs: [run('VU'), run('UVA')],
      crossings,
      results: [
        { providers: ['UVA'], computedAt: 'UVA', table: table(0) },
        { providers: ['VU'], computedAt: 'VU', table: table(3) },
      ],
    });
    expect(explain(record)).toEqual({
      request: id,
      job: 'ada-00000001',
      state: 'answered',
      askedBy: { id: 'ada@university.example', name: 'Ada' },
      askedAt: '2026-03-02T09:00:00.000Z',
      tookMs: 42,
      question,
      providers: [rugRefuses, tookPart('UVA'), { ...tookPart('VU'), withheldGroups: 3 }],
      archetypes: [
        {
          name: 'computeToData',
          chosen: true,
          because: ['of those possible it has the highest weight, 200'],
        },
        {
          name: 'dataThroughTtp',
          chosen: false,
          because: ['UVA', 'VU'].map(
            (provider) => `${provider}: does not allow it; allows computeToData, federatedAggregate`,
          ),
        },
        {
          name: 'federatedAggregate',
          chosen: false,
          because: ['is possible; computeToData has a higher weight, 200 over 100'],
        },
      ],
      parts: [{ archetype: 'computeToData', providers: ['UVA', 'VU'] }],
      chains: [run('UVA'), run('VU')],
      crossings,
      notes: [
        'UVA withholds groups of fewer than 10 persons.',
        'VU withholds groups of fewer than 10 persons.',
      ],
    });
  });
});

describe('a request whose answer is merged', () => {
  it('names the compute provider, and shows its run after those of the providers', () => {
    const decided = decidedQuestion({ archetype: 'federatedAggregate' });
    const runs = [run('SURF', 'computeProvider'), run('VU'), run('UVA')];
    const told = explain(madeRecord(decided, { state: 'answered', runs }));
    expect(told.parts).toEqual([
      { archetype: 'federatedAggregate', computeProvider: 'SURF', providers: ['UVA', 'VU'] },
    ]);
    expect(told.chains.map(({ party, place }) => [party, place])).toEqual([
      ['UVA', 'dataProvider'],
      ['VU', 'dataProvider'],
      ['SURF', 'computeProvider'],
    ]);
    expect(told.providers).toEqual([rugRefuses, tookPart('UVA'), tookPart('VU')]);
    expect(told.archetypes).toEqual([
      { name: 'federatedAggregate', chosen: true, because: ['the request asks for it'] },
      { name: 'computeToData', chosen: false, because: ['the request insists on federatedAggregate'] },
      {
        name: 'dataThroughTtp',
        chosen: false,
        because: [
          'UVA: does not allow it; allows computeToData, federatedAggregate',
          'VU: does not allow it; allows computeToData, federatedAggregate',
          'the request insists on federatedAggregate',
        ],
      },
    ]);
    expect(told.notes).toEqual([
      'Groups of fewer than 10 persons are withheld: the strictest rule holds for the merged answer.',
    ]);
  });

  it('shows the strictest minimum, which held for everybody', () => {
    const strict = { ...openRelation, output: { form: 'aggregates', minimumGroupSize: 25 } } as const;
    const agreements = {
      VU: { relations: { [ada.id]: openRelation } },
      UVA: { relations: { [ada.id]: strict } },
    };
    const decided = decidedQuestion({ archetype: 'federatedAggregate' }, { agreements });
    const told = explain(madeRecord(decided));
    expect(told.providers.map((one) => one.minimumGroupSize)).toEqual([undefined, 25, 25]);
  });
});

describe('a follow-up', () => {
  it('says that its job was checked again, and considers no archetypes anew', () => {
    const { placement: _, ...record } = madeRecord(decidedQuestion({ dataProviders: ['VU'] }), {
      followUp: true,
    });
    const told = explain(record);
    expect(told.notes).toEqual([
      'This is a follow-up: job ada-00000001 was checked again, and not composed anew.',
      'VU withholds groups of fewer than 10 persons.',
    ]);
    expect([told.archetypes, told.providers]).toEqual([[], [tookPart('VU')]]);
  });
});

describe('a provider that is not there', () => {
  it('is absent, though it allows the request', () => {
    const told = explain(madeRecord(decidedQuestion({}, { offline: ['UVA'] })));
    expect(told.providers).toEqual([
      rugRefuses,
      {
        ...tookPart('UVA'),
        outcome: 'absent',
        because: [...tookPart('UVA').because, 'Its agent was offline when the request was placed.'],
      },
      tookPart('VU'),
    ]);
    expect(told.notes[0]).toBe('UVA allows the request, but is offline; the answer is without it.');
  });
});

/** The record of a question of Ada's that is refused, as it is kept. */
function refusedRecord(
  relations: Readonly<Record<string, Partial<Relation>>>,
  online: Readonly<Record<string, boolean>>,
): RequestRecord {
  const agreements = Object.entries(relations).map(([provider, relation]) => [
    provider,
    { relations: { [ada.id]: { ...openRelation, ...relation } } },
  ]);
  const catalogue = toCatalogue(consortium(Object.fromEntries(agreements)));
  const asked = normaliseRequest({ user: ada }, catalogue);
  const { decisions, error } = decide(asked, catalogue, online, askedAt);
  const { job: _job, placement: _placement, composition: _composition, ...record } = madeRecord();
  return { ...record, state: 'refused', decisions, ...(error === undefined ? {} : { error }) };
}

describe('a request that is refused', () => {
  const online = { VU: true, UVA: true, RUG: true, SURF: true };

  it("by everybody has each one's reason, and neither job nor chains", () => {
    const told = explain(refusedRecord({}, online));
    expect(told.providers.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['RUG', 'refused'],
      ['UVA', 'refused'],
      ['VU', 'refused'],
    ]);
    expect(told.providers[0]).toEqual(rugRefuses);
    expect(told).not.toHaveProperty('job');
    expect(told).not.toHaveProperty('computeProvider');
    expect([told.state, told.error?.code, told.chains, told.archetypes, told.notes]).toEqual([
      'refused',
      'request-refused',
      [],
      [],
      [],
    ]);
  });

  it('for want of a common archetype shows who allowed it, and that nobody was placed', () => {
    const relations = {
      VU: { archetypes: ['computeToData'] },
      UVA: { archetypes: ['federatedAggregate'] },
    };
    const told = explain(refusedRecord(relations, online));
    expect(told.error?.code).toBe('no-common-archetype');
    expect(told.providers.slice(1)).toEqual([
      {
        ...tookPart('UVA'),
        outcome: 'not placed',
        because: [
          'The relation of UVA with ada@university.example allows federatedAggregate; what may leave: aggregates.',
        ],
      },
      {
        ...tookPart('VU'),
        outcome: 'not placed',
        because: [
          'The relation of VU with ada@university.example allows computeToData; what may leave: aggregates.',
        ],
      },
    ]);
  });

  it('because all who allow it are away calls them absent', () => {
    const told = explain(refusedRecord({ VU: {}, UVA: {} }, {}));
    expect(told.error?.code).toBe('provider-unavailable');
    expect(told.providers.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['RUG', 'refused'],
      ['UVA', 'absent'],
      ['VU', 'absent'],
    ]);
    expect(told.providers[2]?.because.at(-1)).toBe('Its agent was offline when the request was placed.');
  });
});
