import type { Json } from '../../../kernel/state/index.js';

/** Where requests and jobs lie in the state store: what the keys of each kind begin with. */
export const storedKeys = {
  /** The record of a request, by its id. */
  requests: '/exchange/requests/',
  jobs: '/exchange/jobs/',
  /** Requests that have not ended, with the id of the gateway that has each in hand. */
  running: '/exchange/running/',
  /** Requests whose answer is kept, and until when: milliseconds since 1970. */
  kept: '/exchange/kept/',
  /** Requests of a job, by job and request. */
  ofJob: '/exchange/job-requests/',
  /** What others ask of the gateway that has a request in hand, by request and what is asked. */
  signals: '/exchange/signals/',
} as const;

/** A record as JSON: what is `undefined` is left out. */
export function storedJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
