import type { Archetype } from './archetype.js';
import type { RequestType } from './request-type.js';
import type { Step } from './step.js';

/** The steps that come with Starling. */
export const builtInSteps: Readonly<Record<string, Step>> = {
  'sql-query': {
    title: 'Query',
    description: 'Reads the columns that the request names from the tables of the provider.',
    role: 'dataProvider',
    takes: 'source',
    gives: 'rows',
    outputs: ['sql-anonymize', 'sql-aggregate', 'sql-algorithm'],
    builtIn: true,
  },
  'sql-anonymize': {
    title: 'Anonymize',
    description: 'Makes columns less revealing by the rules that the data set declares.',
    role: 'dataProvider',
    takes: 'rows',
    gives: 'rows',
    option: 'anonymize',
    outputs: ['sql-aggregate', 'sql-algorithm'],
    builtIn: true,
  },
  'sql-aggregate': {
    title: 'Aggregate',
    description: 'Makes one table of the rows of several providers, every row once.',
    role: 'computeProvider',
    takes: 'rows',
    gives: 'rows',
    option: 'aggregate',
    unites: true,
    mergeable: true,
    outputs: ['sql-algorithm'],
    builtIn: true,
  },
  'sql-algorithm': {
    title: 'Algorithm',
    description: 'Computes figures over groups of people.',
    role: 'computeProvider',
    takes: 'rows',
    gives: 'aggregates',
    option: 'algorithm',
    mergeable: true,
    outputs: ['sql-graph'],
    builtIn: true,
  },
  'sql-graph': {
    title: 'Graph',
    description: 'Makes a graph of the figures, as a Vega-Lite specification.',
    role: 'computeProvider',
    takes: 'aggregates',
    gives: 'aggregates',
    option: 'graph',
    mergeable: true,
    outputs: [],
    builtIn: true,
  },
};

/** The request types that come with Starling. */
export const builtInRequestTypes: Readonly<Record<string, RequestType>> = {
  sqlDataRequest: {
    title: 'SQL over a data set',
    required: ['sql-query'],
    optional: ['sql-anonymize', 'sql-aggregate', 'sql-algorithm', 'sql-graph'],
  },
};

/** The archetypes that come with Starling. */
export const builtInArchetypes: Readonly<Record<string, Archetype>> = {
  computeToData: {
    title: 'Compute to data',
    description: 'Each provider computes at its own data and releases its own answer.',
    weight: 200,
    dataProvider: { roles: ['dataProvider', 'computeProvider'], releases: 'answer' },
  },
  federatedAggregate: {
    title: 'Federated aggregate',
    description: 'Each provider computes partial figures; a third party merges them into one answer.',
    weight: 100,
    dataProvider: { roles: ['dataProvider', 'computeProvider'], releases: 'partials' },
    computeProvider: { roles: ['computeProvider'], receives: 'partials', releases: 'answer' },
  },
  dataThroughTtp: {
    title: 'Data through a trusted third party',
    description:
      'Each provider lets its rows go to a third party, which computes one answer over all of them.',
    weight: 50,
    dataProvider: { roles: ['dataProvider'], releases: 'rows' },
    computeProvider: { roles: ['computeProvider'], receives: 'rows', releases: 'answer' },
  },
};
