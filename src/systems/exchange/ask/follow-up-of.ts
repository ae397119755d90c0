import type { Composition } from '../compose/index.js';
import { answeredBy, type Job } from '../job/index.js';
import {
  type Catalogue,
  type NormalRequest,
  normaliseRequest,
  type RequestBody,
  type RequestReadings,
} from '../model/index.js';

/** A further question to a job. */
export interface FollowUp {
  /** The part of the job that answers it. */
  readonly composition: Composition;
  readonly dataProviders: readonly string[];
  readonly question: NormalRequest;
}

/** What a follow-up asks of a job, or of `party` alone. Throws as `normaliseRequest` does. */
export function followUpOf(
  job: Job,
  body: RequestBody,
  how: {
    readonly party: string | undefined;
    readonly readings: RequestReadings;
    readonly catalogue: Catalogue;
  },
): FollowUp {
  const { party, readings, catalogue } = how;
  const composition = party === undefined ? job.composition : answeredBy(job, party);
  const dataProviders = composition.chains
    .filter((chain) => chain.place === 'dataProvider')
    .map((chain) => chain.party);
  const asked = { dataSet: composition.dataSet, ...body, dataProviders, user: job.user };
  return { composition, dataProviders, question: normaliseRequest(asked, catalogue, readings) };
}
