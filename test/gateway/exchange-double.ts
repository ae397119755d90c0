import type { Exchange, RequestRecord } from '../../src/systems/exchange/index.js';
import type { Catalogue } from '../../src/systems/exchange/model/index.js';

/** An exchange that can only what a test gives it; anything else that is asked of it fails the test. */
export function exchangeDouble(able: Partial<Exchange> = {}): Exchange {
  const unexpected = (name: string) => () => {
    throw new Error(`${name} is not part of this test.`);
  };
  return {
    ask: unexpected('ask'),
    followUp: unexpected('followUp'),
    dryRun: unexpected('dryRun'),
    cancel: unexpected('cancel'),
    eraseAnswer: unexpected('eraseAnswer'),
    request: unexpected('request'),
    requests: unexpected('requests'),
    events: unexpected('events'),
    explanation: unexpected('explanation'),
    answer: unexpected('answer'),
    job: unexpected('job'),
    jobs: unexpected('jobs'),
    liveJobs: async () => 0,
    jobRequests: unexpected('jobRequests'),
    revoke: unexpected('revoke'),
    removedUsers: () => [],
    removeUser: unexpected('removeUser'),
    admitUser: unexpected('admitUser'),
    catalogue: () => emptyCatalogue,
    putObject: unexpected('putObject'),
    removeObject: unexpected('removeObject'),
    agreementDryRun: unexpected('agreementDryRun'),
    audit: unexpected('audit'),
    dataSets: () => [],
    agents: () => [],
    close: unexpected('close'),
    ...able,
  };
}

const emptyCatalogue: Catalogue = {
  parties: new Map(),
  dataSets: new Map(),
  agreements: new Map(),
  archetypes: new Map(),
  steps: new Map(),
  requestTypes: new Map(),
};

/** The record of a request that runs, with `changes`. */
export function recordOf(id: string, changes: Partial<RequestRecord> = {}): RequestRecord {
  const user = { id: 'ada@university.example' };
  return {
    id,
    followUp: false,
    state: 'running',
    user,
    question: {
      user,
      requestType: 'sqlDataRequest',
      dataSet: 'wageGap',
      dataProviders: ['VU'],
      query: 'SELECT 1',
      queryGiven: false,
      options: [],
      limits: {},
      form: 'aggregates',
    },
    receivedAt: 0,
    decisions: [],
    runs: [],
    crossings: [],
    results: [],
    events: [],
    ...changes,
  };
}
