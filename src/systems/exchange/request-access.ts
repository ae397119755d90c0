import { StarlingError } from '../../kernel/errors/index.js';
import {
  isRequestId,
  type RequestEvent,
  type RequestRecord,
  type RequestStore,
  type Requests,
  RequestsElsewhere,
} from './ask/index.js';

/** Finds and follows requests, whichever gateway has them in hand. */
export interface RequestAccess {
  /** Throws `not-found`, as all of these do. */
  request(id: string): Promise<RequestRecord>;
  /** The record of a request, or of a job's newest request. */
  requestOrJob(id: string): Promise<RequestRecord>;
  /** A request, or the newest of a job's requests that was answered; the newest of all where none was. */
  answered(id: string): Promise<RequestRecord>;
  /** Events from after `afterSequence` on, until the request has ended or `signal` is aborted. */
  events(id: string, afterSequence: number, signal: AbortSignal): AsyncGenerator<RequestEvent>;
  /** Stops a request, and resolves when it has ended. */
  cancel(id: string): Promise<RequestRecord>;
}

/** What this gateway has in hand it knows itself; of all else it knows what is stored. */
export function requestAccess(store: RequestStore, requests: Pick<Requests, 'live'>): RequestAccess {
  const elsewhere = new RequestsElsewhere(store);
  const request = async (id: string): Promise<RequestRecord> =>
    requests.live(id)?.record ?? store.request(id);
  const requestOrJob = async (id: string): Promise<RequestRecord> => {
    if (isRequestId(id)) return request(id);
    await store.job(id);
    const [newest] = await store.requestsOfJob(id);
    if (newest === undefined) throw new StarlingError('not-found', `Job ${id} has no request.`);
    return request(newest);
  };
  return {
    request,
    requestOrJob,
    async answered(id) {
      if (!isRequestId(id)) {
        for (const newest of await store.requestsOfJob(id)) {
          const record = await request(newest);
          if (record.state === 'answered') return record;
        }
      }
      return requestOrJob(id);
    },
    async *events(id, afterSequence, signal) {
      const live = requests.live(id);
      if (live !== undefined) yield* live.follow(afterSequence, signal);
      else yield* elsewhere.events(id, afterSequence, signal);
    },
    async cancel(id) {
      const why = new StarlingError('request-cancelled', 'The request was cancelled.');
      const live = requests.live(id);
      if (live === undefined) return elsewhere.stop(id, why);
      live.stop(why);
      return live.ended;
    },
  };
}
