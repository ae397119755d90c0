import { Readable } from 'node:stream';
import type {
  DataSetOffer,
  Exchange,
  Explanation,
  Job,
  RequestRecord,
} from '../../src/systems/exchange/index.js';
import {
  builtInArchetypes,
  builtInRequestTypes,
  builtInSteps,
  type Catalogue,
  type CatalogueEntry,
} from '../../src/systems/exchange/model/index.js';
import { recordOf } from './exchange-double.js';

const ada = { id: 'ada@university.example' };
const limits = { timeSeconds: 60 };
const output = { form: 'aggregates', minimumGroupSize: 10, extremes: false } as const;
const chain: Job['composition']['chains'][number] = {
  party: 'VU',
  archetype: 'computeToData',
  place: 'dataProvider',
  steps: [{ step: 'sql-query', mode: 'whole' }],
  releases: 'answer',
  receivesFrom: [],
  output,
  limits,
  columns: { Personen: ['Unieknr'] },
  agreementRevision: 1,
  agreementHash: 'h',
};
const composition: Job['composition'] = {
  requestType: 'sqlDataRequest',
  dataSet: 'wageGap',
  parts: [{ archetype: 'computeToData', providers: ['RUG', 'VU'] }],
  askedSteps: [],
  chains: [chain, { ...chain, party: 'RUG' }],
  notes: ['RUG gives no extremes.'],
};

/** Ada's request of VU and RUG, answered, while UVA refused and SURF was never asked. */
export const adasRequest: RequestRecord = recordOf('r-1', {
  job: 'ada-00000001',
  state: 'answered',
  endedAt: 5,
  composition,
  question: { ...recordOf('r-1').question, dataProviders: ['VU', 'RUG'] },
  decisions: ['VU', 'RUG'].map((provider) => ({
    provider,
    approved: false,
    reasons: [{ code: 'no-relation', message: `${provider} has its reasons.` }],
  })),
  results: [
    {
      providers: ['VU'],
      computedAt: 'VU',
      table: {
        columns: ['average'],
        rows: [{ average: 11.25 }],
        withheld: { groups: 0, total: false, minimumGroupSize: 10 },
      },
    },
  ],
});

/** The job of that request. */
export const adasJob: Job = {
  id: 'ada-00000001',
  user: ada,
  state: 'live',
  composition,
  createdAt: 0,
  expiresAt: 1_000,
  openQuestions: [],
  questionsAsked: 1,
  revision: 1,
  history: [],
};

const crossing = { to: 'requester', what: 'answer', rows: 1, bytes: 10 } as const;

const explanation: Explanation = {
  request: 'r-1',
  state: 'answered',
  askedBy: ada,
  askedAt: '2030-01-31T12:00:00.000Z',
  question: {
    requestType: 'sqlDataRequest',
    dataSet: 'wageGap',
    query: 'SELECT 1',
    queryGiven: false,
    options: [],
  },
  providers: ['VU', 'RUG'].map((provider) => ({
    provider,
    outcome: 'took part',
    because: [`${provider} allows it.`],
  })),
  archetypes: [{ name: 'computeToData', chosen: true, because: ['RUG and VU allow it.'] }],
  parts: composition.parts,
  chains: [],
  crossings: ['VU', 'RUG'].map((from) => ({ from, ...crossing })),
  notes: ['RUG gives no extremes.'],
};

const entry = <Value>(value: Value): CatalogueEntry<Value> => ({
  revision: 1,
  source: 'api',
  changedAt: '2030-01-31T12:00:00.000Z',
  value,
});
const entries = <Value>(values: Readonly<Record<string, Value>>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, entry(value)]));
const party = { name: 'A party', roles: ['dataProvider'] } as const;

const catalogue: Catalogue = {
  parties: entries({ VU: { ...party, roles: [...party.roles] }, UVA: { ...party, roles: [...party.roles] } }),
  dataSets: new Map(),
  agreements: entries({ VU: { relations: {} }, UVA: { relations: {} } }),
  archetypes: entries(builtInArchetypes),
  steps: entries(builtInSteps),
  requestTypes: entries(builtInRequestTypes),
};

const offer: DataSetOffer['providers'][number] = {
  party: 'VU',
  state: 'ready',
  tables: [],
  requesters: ['ada', 'bob'].map((name) => ({ user: `${name}@university.example`, form: 'aggregates' })),
};

/** An exchange in which Ada asked one request, which can everything that a gateway asks of it. */
export function smallExchange(): Partial<Exchange> {
  const ended = Promise.resolve(adasRequest);
  return {
    ask: async () => ({ id: 'r-1', ended }),
    followUp: async () => ({ id: 'r-1', ended }),
    dryRun: async ({ user }) => ({ question: { ...adasRequest.question, user }, decisions: [] }),
    cancel: async () => adasRequest,
    eraseAnswer: async () => adasRequest,
    request: async () => adasRequest,
    requests: async () => ({
      items: [adasRequest, recordOf('r-2', { user: { id: 'bob@university.example' } })],
    }),
    events: async function* () {
      yield { sequence: 1, at: 0, type: 'received', message: 'Received.' };
    },
    explanation: async () => explanation,
    answer: async () => ({
      contentType: 'application/json',
      fileName: 'r-1.json',
      body: Readable.from([JSON.stringify({ request: 'r-1', results: [] })]),
    }),
    job: async () => adasJob,
    jobs: async () => ({ items: [adasJob] }),
    jobRequests: async () => ['r-1'],
    revoke: async () => ({ ...adasJob, state: 'revoked' }),
    catalogue: () => catalogue,
    putObject: async () => 2,
    removeObject: async () => {},
    removeUser: async (user, cause) => ({ user, cause, at: '2030-01-31T12:00:00.000Z' }),
    admitUser: async () => {},
    agreementDryRun: async (party) => ({
      party,
      users: [
        { user: 'ada@university.example', change: 'removed', effects: ['Nothing could be asked any more.'] },
      ],
      jobs: [
        { job: 'ada-00000001', user: 'ada@university.example', becomes: 'revoked', why: 'It was withdrawn' },
      ],
      dataSets: [],
      unknown: [],
    }),
    audit: async () => ({ items: [], head: 'a.b.c', keys: [] }),
    dataSets: () => [
      {
        name: 'wageGap',
        title: 'Staff',
        unit: ['Unieknr'],
        measures: [],
        groups: [],
        filters: [],
        algorithms: [],
        defaults: {},
        providers: [offer],
      },
    ],
  };
}
