import { type Agreement, agreement } from './agreement.js';
import { type Archetype, archetype } from './archetype.js';
import { type DataSet, dataSet } from './data-set.js';
import { objectName, partyId } from './names.js';
import { type Party, party } from './party.js';
import { type RequestType, requestType } from './request-type.js';
import { type Step, step } from './step.js';

/** What each kind of configuration object is made of. */
export interface CatalogueValues {
  readonly parties: Party;
  readonly dataSets: DataSet;
  readonly agreements: Agreement;
  readonly archetypes: Archetype;
  readonly steps: Step;
  readonly requestTypes: RequestType;
}

/** A kind of configuration object; agreements are kept under the id of their provider. */
export type CatalogueKind = keyof CatalogueValues;

/** The schema of each kind, by the key that it has in a configuration file. */
export const catalogueSchemas = {
  parties: party,
  dataSets: dataSet,
  agreements: agreement,
  archetypes: archetype,
  steps: step,
  requestTypes: requestType,
} as const;

/** The schema of the names of each kind. */
export const catalogueNames = {
  parties: partyId,
  dataSets: objectName,
  agreements: partyId,
  archetypes: objectName,
  steps: objectName,
  requestTypes: objectName,
} as const satisfies Record<CatalogueKind, unknown>;

/** Configuration objects as plain records by name, as a file has them. */
export type CatalogueRecords = {
  readonly [Kind in CatalogueKind]: Readonly<Record<string, CatalogueValues[Kind]>>;
};

/** The kinds, those first that others refer to. */
export const catalogueKinds = [
  'parties',
  'steps',
  'requestTypes',
  'archetypes',
  'dataSets',
  'agreements',
] as const satisfies readonly CatalogueKind[];

/** One object of each kind in the singular, for messages. */
export const catalogueKindTitles: Readonly<Record<CatalogueKind, string>> = {
  parties: 'party',
  dataSets: 'data set',
  agreements: 'agreement',
  archetypes: 'archetype',
  steps: 'step',
  requestTypes: 'request type',
};

/** One configuration object with where it came from. */
export interface CatalogueEntry<Value> {
  readonly value: Value;
  /** The revision of the state store that wrote it. */
  readonly revision: number;
  /** Who wrote it last: the configuration file, the API, or for an agreement the agent of its party. */
  readonly source: 'file' | 'api' | 'agent';
  /** Which version of an agreement its agent says it is, from 1 on. */
  readonly version?: number;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

/** Every object that is configured, by kind and name. */
export type ConfiguredObjects = {
  readonly [Kind in CatalogueKind]: ReadonlyMap<string, CatalogueEntry<CatalogueValues[Kind]>>;
};

/** Everything that is decided by, at one moment. */
export type Catalogue = ConfiguredObjects & {
  /** Why, by the person's id, the gateway takes no requests of somebody; an agent knows of nobody. */
  readonly removedUsers?: ReadonlyMap<string, string>;
};
