import { StarlingError } from '../../errors/index.js';
import { createTurns } from '../../turns/index.js';
import { historyCompacted } from '../history-compacted.js';
import type { ChangeBatch } from '../state.js';
import { Changes } from './changes.js';
import type { Endpoint, Stream } from './endpoint.js';
import { EtcdFailure, readFailure, toStarlingError } from './failure.js';
import type { WatchRequest, WatchResponse } from './messages.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';

export interface WatchParts {
  readonly store: EtcdStore;
  readonly prefix: string;
  readonly fromRevision: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

interface Open {
  readonly endpoint: Endpoint;
  readonly stream: Stream<WatchRequest, WatchResponse>;
  readonly messages: AsyncIterator<WatchResponse>;
  /** etcd's revision that was asked for. */
  readonly start: number;
}

const ended: IteratorResult<ChangeBatch, undefined> = { done: true, value: undefined };
/** A right that is missing may be a token that is too old: how often in a row it is told before it is believed. */
const mostRefusals = 2;

/**
 * One watch, which is its own iterator. Its stream is opened when it is first read, from the revision on that was fixed
 * when it was made, and again wherever it breaks. A reader that is slow is waited for by the connection's flow control,
 * so that no more than a part is held in memory; the rest stays in etcd's history.
 */
export class EtcdWatch implements AsyncIterableIterator<ChangeBatch, undefined> {
  readonly #parts: WatchParts;
  readonly #changes: Changes;
  readonly #inTurn = createTurns(1);
  #batches: ChangeBatch[] = [];
  #open: Open | undefined;
  #failures = 0;
  #refusals = 0;
  #isEnded = false;
  readonly #end = () => {
    this.#isEnded = true;
    this.#batches = [];
    this.#open?.stream.cancel();
  };

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#changes = new Changes(parts.store, parts.fromRevision);
    parts.signal.addEventListener('abort', this.#end);
    if (parts.signal.aborted) this.#end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next batch. Calls that overlap are answered in their order; those after one that failed find the watch ended. */
  next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    return this.#inTurn(() => this.#next());
  }

  async return(): Promise<IteratorResult<ChangeBatch, undefined>> {
    this.#end();
    return ended;
  }

  async #next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    try {
      while (!this.#isEnded) {
        const batch = this.#batches.shift();
        if (batch !== undefined) return { done: false, value: batch };
        await this.#read();
      }
      this.#parts.signal.removeEventListener('abort', this.#end);
      return ended;
    } catch (thrown) {
      this.#end();
      this.#parts.signal.removeEventListener('abort', this.#end);
      throw thrown;
    }
  }

  /** Reads one response, over a stream that is opened where there is none. */
  async #read(): Promise<void> {
    try {
      this.#open ??= await this.#start();
      const { value, done } = await this.#open.messages.next();
      if (done === true) throw new EtcdFailure('away', 'the watch was ended', false);
      await this.#take(value, this.#open);
    } catch (thrown) {
      if (this.#isEnded) return;
      if (thrown instanceof StarlingError) throw thrown;
      await this.#broken(readFailure(thrown));
    }
  }

  async #start(): Promise<Open> {
    const { store, prefix } = this.#parts;
    const { position } = this.#changes;
    // Of the revision that etcd compacted last it still delivers puts but no deletes. Asked for the one before, it says
    // that it is gone. What lies in the future is asked for as it is, so that etcd need not look into its history.
    const start = store.toEtcd(position > store.known ? position : position - 1);
    const { start: key, end: rangeEnd } = store.keys.entries(prefix);
    const { endpoint, stream } = await store.connection.open(api.watch);
    const messages: AsyncIterator<WatchResponse> = stream[Symbol.asyncIterator]();
    this.#changes.restart();
    stream.write({
      createRequest: { key, rangeEnd, startRevision: start, progressNotify: true, fragment: true },
    });
    if (this.#isEnded) stream.cancel();
    return { endpoint, stream, messages, start };
  }

  async #take(response: WatchResponse, { start }: Open): Promise<void> {
    const { store } = this.#parts;
    const { header, created, canceled, compactRevision, cancelReason } = response;
    if (canceled && Number(compactRevision) > 0) {
      throw historyCompacted(this.#changes.position, store.fromEtcd(compactRevision) + 1);
    }
    if (canceled) {
      throw new EtcdFailure(
        /permission denied|auth/.test(cancelReason) ? 'refused' : 'away',
        cancelReason,
        false,
      );
    }
    if (header !== null) store.connection.onAnswer(header);
    this.#failures = 0;
    this.#refusals = 0;
    if (created && header !== null) await this.#assertFresh(store.fromEtcd(header.revision), start);
    else this.#batches.push(...this.#changes.add(response));
  }

  /** What the server's revision at the start of the stream tells. */
  async #assertFresh(revision: number, start: number): Promise<void> {
    const { store } = this.#parts;
    const { position } = this.#changes;
    // Behind what is known: a server that lags, or one that lost everything and would wait for that revision again.
    if (revision < store.known) await store.read([]);
    // It was no future revision after all.
    if (start === store.toEtcd(position) && revision >= position) this.#drop();
  }

  async #broken(failure: EtcdFailure): Promise<void> {
    const { store, signal } = this.#parts;
    const { connection } = store;
    const endpoint = this.#open?.endpoint ?? connection.endpoint();
    this.#drop();
    const isRefused = failure.kind === 'token' || failure.kind === 'refused';
    if (isRefused) {
      connection.dropToken();
      this.#refusals += 1;
    }
    const isRepeated = isRefused ? this.#refusals < mostRefusals : failure.kind === 'away';
    if (!isRepeated) {
      throw toStarlingError(failure, { endpoints: connection.addresses, mayBeDone: false });
    }
    this.#failures += 1;
    connection.moveOn(endpoint);
    await connection.pause(this.#failures, signal);
  }

  #drop(): void {
    this.#open?.stream.cancel();
    this.#open = undefined;
  }
}
