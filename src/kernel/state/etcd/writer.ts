import type { StarlingError } from '../../errors/index.js';
import type { Outcome } from '../write-key.js';
import type { EncodedTransaction } from './encode-transaction.js';
import { EtcdFailure } from './failure.js';
import { leaseId } from './lease-ids.js';
import { lapsed } from './leases.js';
import type { KeyValue, TxnRequest, TxnResponse } from './messages.js';
import { api } from './protocol.js';
import type { EtcdStore } from './store.js';
import {
  type Choice,
  fenceRequest,
  hasRoomForMark,
  lookRequest,
  type Mark,
  readWritten,
  type Written,
  writeRequest,
} from './write-request.js';
import { nextMark, type Slot, type WriteSlots } from './write-slots.js';

interface Look {
  readonly holds: boolean;
  /** A key that the branch would delete and that is there. */
  readonly existing: Buffer | undefined;
  readonly revision: number;
}

/**
 * Writes so that each write is done once or not at all, although what is sent may be lost, and may be done after its
 * answer was given up: `docs/design/state-on-etcd.md` says how.
 */
export class Writer {
  readonly #store: EtcdStore;
  readonly #slots: WriteSlots;

  constructor(store: EtcdStore, slots: WriteSlots) {
    this.#store = store;
    this.#slots = slots;
  }

  /** Throws `storage-unavailable`, whose `details.outcome` tells whether the write may have been done. */
  async commit(transaction: EncodedTransaction): Promise<Outcome> {
    if (!hasRoomForMark(transaction)) return this.#commitUnmarked(transaction);
    for (;;) {
      const slot = await this.#slots.take();
      try {
        const outcome = await this.#through(slot, transaction);
        if (outcome !== undefined) return outcome;
      } finally {
        this.#slots.release(slot);
      }
    }
  }

  /** The outcome of a write through a slot; `undefined` where the slot's session has ended before it. */
  async #through(slot: Slot, transaction: EncodedTransaction): Promise<Outcome | undefined> {
    const { success, failure } = transaction;
    let actualRevision = 0;
    let choice: Choice | undefined;
    // Mostly it succeeds: it is tried before it is asked how things are.
    if (success.operations.length > 0) {
      choice = { branch: 'success', witness: success.isSure ? undefined : success.deletes[0] };
    }
    for (;;) {
      if (choice !== undefined) {
        const succeeded = choice.branch === 'success';
        const written = await this.#write(slot, transaction, choice);
        if (written === undefined) return undefined;
        const revision = this.#store.fromEtcd(written.revision);
        if (written.type === 'done') return { succeeded, revision, actualRevision };
        if (written.actual > 0) actualRevision = this.#store.fromEtcd(written.actual);
        if (succeeded && success.isSure && failure.operations.length === 0) {
          return { succeeded: false, revision, actualRevision };
        }
      }
      const { holds, existing, revision } = await this.#look(transaction);
      const branch = holds ? 'success' : 'failure';
      const { isSure } = transaction[branch];
      if (!isSure && existing === undefined) return { succeeded: holds, revision, actualRevision };
      choice = { branch, witness: isSure ? undefined : existing };
    }
  }

  /** One write of one branch, until it is known how it went; `undefined` where the session has ended before it. */
  async #write(
    slot: Slot,
    transaction: EncodedTransaction,
    choice: Choice,
  ): Promise<Extract<Written, { type: 'done' | 'not-held' }> | undefined> {
    const { guard, connection } = this.#store;
    const mark = nextMark(slot);
    try {
      const request = writeRequest(guard, mark, transaction, choice);
      const { answer, mayBeDone } = await connection.callKnowing(api.transaction, request);
      const written = readWritten(guard, mark, answer, choice);
      if (written.type === 'store-gone') throw this.#store.replaced('it came back empty, or was made anew');
      if (written.type === 'mark-gone') return await this.#ended(slot, mayBeDone);
      if (written.type === 'not-held' && mayBeDone) return await this.#fence(slot, mark, written);
      if (written.type === 'done') slot.before = written.revision;
      return written;
    } catch (thrown) {
      if (!(thrown instanceof EtcdFailure)) {
        slot.isSpoilt = true;
        throw thrown;
      }
      return await this.#failed(slot, mark, transaction, choice, thrown);
    }
  }

  /** Makes sure that no sending of a write which was found not to hold is done later; or finds that one was. */
  async #fence(
    slot: Slot,
    mark: Mark,
    written: Extract<Written, { type: 'not-held' }>,
  ): Promise<Extract<Written, { type: 'done' | 'not-held' }>> {
    const answer = await this.#store.connection.call(api.transaction, fenceRequest(mark));
    if (answer.succeeded) {
      slot.before = Number(answer.header?.revision ?? 0);
      return written;
    }
    const marked = markIn(answer);
    slot.isSpoilt = true;
    if (marked?.value.equals(mark.value) === true) {
      return { type: 'done', revision: Number(marked.modRevision) };
    }
    // The fence itself was sent more than once: nothing of the write can be done any more.
    if (marked?.value.toString() === 'fenced') return written;
    throw new EtcdFailure('away', 'the marks of writes have lapsed meanwhile', true);
  }

  /** What a failure means for a write. */
  async #failed(
    slot: Slot,
    mark: Mark,
    transaction: EncodedTransaction,
    choice: Choice,
    failure: EtcdFailure,
  ): Promise<Extract<Written, { type: 'done' }> | undefined> {
    slot.isSpoilt = failure.mayBeDone;
    if (failure.kind === 'lease-gone') {
      if (!(await this.#slots.isLive(slot.session))) return this.#ended(slot, failure.mayBeDone);
      throw leaseLapsed(transaction, choice);
    }
    if (failure.kind === 'full') {
      const marked = markIn(await this.#store.read([{ requestRange: { key: mark.key } }]));
      if (marked?.value.equals(mark.value) === true)
        return { type: 'done', revision: Number(marked.modRevision) };
      throw new EtcdFailure('full', failure.message, false);
    }
    throw failure;
  }

  async #ended(slot: Slot, mayBeDone: boolean): Promise<undefined> {
    slot.isSpoilt = true;
    await this.#slots.end(slot.session);
    if (mayBeDone) throw new EtcdFailure('away', 'the marks of writes have lapsed meanwhile', true);
    return undefined;
  }

  /** How things are for a transaction that was not done. */
  async #look(transaction: EncodedTransaction): Promise<Look> {
    const { responses, revision } = await this.#store.read([{ requestTxn: lookRequest(transaction) }]);
    const looked = responses[0]?.responseTxn;
    const existing = looked?.responses.map(({ responseRange }) => responseRange?.kvs[0]?.key);
    return {
      holds: looked?.succeeded === true,
      existing: existing?.find((key) => key !== undefined),
      revision,
    };
  }

  /**
   * For a transaction that fills etcd's limits, so that a mark has no room in it: it is sent once, and fails with an
   * unknown outcome where its answer is lost.
   */
  async #commitUnmarked({ compare, success, failure }: EncodedTransaction): Promise<Outcome> {
    await this.#store.read([]);
    for (;;) {
      const held = await this.#sendOnce({ compare, success: success.operations, failure: [] });
      if (held.succeeded) return { ...held, actualRevision: 0 };
      if (failure.operations.length === 0) return { ...held, actualRevision: 0 };
      const other = await this.#sendOnce({ compare, success: [], failure: failure.operations });
      if (!other.succeeded) return { ...other, actualRevision: 0 };
    }
  }

  async #sendOnce(request: TxnRequest): Promise<{ succeeded: boolean; revision: number }> {
    const answer = await this.#store.connection.call(api.transaction, request, { isOnce: true });
    return { succeeded: answer.succeeded, revision: this.#store.fromEtcd(answer.header?.revision ?? 0) };
  }
}

function markIn({ responses }: Pick<TxnResponse, 'responses'>): KeyValue | undefined {
  return responses[0]?.responseRange?.kvs[0];
}

function leaseLapsed(transaction: EncodedTransaction, { branch }: Choice): StarlingError {
  const numbers = transaction[branch].operations.flatMap((operation) =>
    'requestPut' in operation && operation.requestPut.lease !== undefined ? [operation.requestPut.lease] : [],
  );
  return lapsed(numbers.map((number) => leaseId(number) ?? ''));
}
