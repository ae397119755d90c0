import { Follower } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import { JobStore } from './job-store.js';
import { requestId } from './request-id.js';
import type { RequestRecord } from './request-record.js';
import { storedKeys } from './stored-keys.js';
import { pageUnder } from './stored-pages.js';

const { requests, kept } = storedKeys;

/** What of requests is read in the state store, and followed there, whichever gateway writes it. */
export class RequestReader extends JobStore {
  readonly #state: State;

  constructor(state: State) {
    super(state);
    this.#state = state;
  }

  /** A request as it is, and again whenever its record was written, until `signal` is aborted. Throws `not-found`. */
  async *versions(id: string, signal: AbortSignal): AsyncGenerator<RequestRecord> {
    const key = requests + id;
    while (!signal.aborted) {
      const entry = await this.#state.get(key);
      if (entry === undefined) throw noRequest(id);
      yield entry.value as unknown as RequestRecord;
      try {
        for await (const { changes } of this.#state.watch(key, {
          fromRevision: entry.modRevision + 1,
          signal,
        })) {
          for (const change of changes) {
            if (change.type === 'delete') {
              if (change.key === key) return;
            } else if (change.entry.key === key) yield change.entry.value as unknown as RequestRecord;
          }
        }
        return;
      } catch (thrown) {
        if (!(thrown instanceof StarlingError) || thrown.code !== 'history-compacted') throw thrown;
      }
    }
  }

  /** A request; `undefined` where there is none, or none any more. */
  async find(id: string): Promise<RequestRecord | undefined> {
    const entry = await this.#state.get(requests + id);
    return entry === undefined ? undefined : (entry.value as unknown as RequestRecord);
  }

  async request(id: string): Promise<RequestRecord> {
    const record = await this.find(id);
    if (record === undefined) throw noRequest(id);
    return record;
  }

  /** Requests that were received until a time, in milliseconds since 1970; newest first. */
  async *requestsUpTo(time: number): AsyncGenerator<RequestRecord> {
    // ids of later requests sort before those of earlier ones
    for (let after: string | undefined = requestId(time + 1, 'ffffffff'); after !== undefined; ) {
      const page: { items: RequestRecord[]; next?: string } = await this.listRequests(200, after);
      yield* page.items;
      after = page.next;
    }
  }

  async listRequests(limit: number, after?: string): Promise<{ items: RequestRecord[]; next?: string }> {
    return pageUnder(this.#state, requests, limit, after);
  }

  /** Tells of every request whose answer is kept, and then of each that comes; whoever follows closes the follower. */
  followKept(heard: (id: string) => void, onFailure: (error: StarlingError) => void): Promise<Follower> {
    return Follower.start({
      state: this.#state,
      prefix: kept,
      load: async (entries) => {
        for await (const { key } of entries) heard(key.slice(kept.length));
      },
      apply: ({ changes }) => {
        for (const change of changes) if (change.type === 'put') heard(change.entry.key.slice(kept.length));
      },
      onFailure,
    });
  }
}

const noRequest = (id: string) =>
  new StarlingError('not-found', `There is no request ${id}. "starling requests" lists those there are.`);
