import type { EncodedTransaction } from './encode-transaction.js';
import { type Compare, comparing, type RequestOp, type TxnRequest, type TxnResponse } from './messages.js';

/**
 * The mark that a write leaves, in the same transaction: a key that only one write at a time may change. A write asks for
 * the mark to be as it was before, so that of several sendings of it at most one is done; whoever asks again finds the
 * mark of the one that was.
 */
export interface Mark {
  readonly key: Buffer;
  /** etcd's revision of the mark before the write; 0: there is none yet. */
  readonly before: number;
  /** What the write makes of it: another value each time. */
  readonly value: Buffer;
  /** The lease of the session, by number. */
  readonly lease: string;
}

/** Which branch a request runs, and a key that must be there for it to have an effect. */
export interface Choice {
  readonly branch: 'success' | 'failure';
  readonly witness: Buffer | undefined;
}

// etcd allows 128 operations or comparisons in a transaction, less those of the transactions around it.
const mostCompared = 125;
const mostOperations = 124;

/** Whether a transaction leaves room for its mark within etcd's limits. */
export function hasRoomForMark({ compare, success, failure }: EncodedTransaction): boolean {
  return (
    compare.length <= mostCompared &&
    success.operations.length <= mostOperations &&
    failure.operations.length <= mostOperations
  );
}

/** Runs one branch where its condition holds, and leaves the mark; otherwise reads how things are, for `readWritten`. */
export function writeRequest(
  guard: Compare,
  mark: Mark,
  transaction: EncodedTransaction,
  { branch, witness }: Choice,
): TxnRequest {
  const { compare } = transaction;
  const conditions = [
    { key: mark.key, result: comparing.equal, target: comparing.modified, modRevision: mark.before },
    // A mark that is there shows that the store is.
    ...(mark.before === 0 ? [guard] : []),
    ...(witness === undefined
      ? []
      : [{ key: witness, result: comparing.greater, target: comparing.created, createRevision: 0 }]),
  ];
  const effects = [...transaction[branch].operations, putMark(mark)];
  const [first] = compare;
  const seen = [guard.key, ...(first === undefined ? [] : [first.key])];
  const failure = [{ requestRange: { key: mark.key } }, ...seen.map(lookAt)];
  if (branch === 'success') return { compare: [...conditions, ...compare], success: effects, failure };
  // Not all comparisons hold: as etcd can only ask for all to hold, the branch is the `else` of an inner transaction.
  const inner = { compare, success: [], failure: effects };
  return { compare: conditions, success: [{ requestTxn: inner }], failure };
}

/** Changes the mark and nothing else, so that sendings of a write that are still under way do nothing. */
export function fenceRequest(mark: Mark): TxnRequest {
  return {
    compare: [
      { key: mark.key, result: comparing.equal, target: comparing.modified, modRevision: mark.before },
    ],
    success: [putMark({ ...mark, value: Buffer.from('fenced') })],
    failure: [{ requestRange: { key: mark.key } }],
  };
}

/** Asks which branch would run, and which of the keys it deletes are there, where nothing else makes it have an effect. */
export function lookRequest({ compare, success, failure }: EncodedTransaction): TxnRequest {
  return {
    compare,
    success: success.isSure ? [] : success.deletes.map(lookAt),
    failure: failure.isSure ? [] : failure.deletes.map(lookAt),
  };
}

/** How a write went. */
export type Written =
  /** It was done, at that revision of etcd, by this sending or an earlier one. */
  | { readonly type: 'done'; readonly revision: number }
  /** The condition of the branch does not hold; the key compared first is at that revision of etcd, 0 where it is not there. */
  | { readonly type: 'not-held'; readonly revision: number; readonly actual: number }
  /** The mark is gone: the session's lease has ended. */
  | { readonly type: 'mark-gone' }
  /** The store is gone, or another. */
  | { readonly type: 'store-gone' };

/** Reads the answer to a `writeRequest`. */
export function readWritten(guard: Compare, mark: Mark, answer: TxnResponse, { branch }: Choice): Written {
  const revision = Number(answer.header?.revision ?? 0);
  const { responses } = answer;
  if (answer.succeeded) {
    const held = branch === 'failure' && responses[0]?.responseTxn?.succeeded === true;
    return held ? { type: 'not-held', revision, actual: 0 } : { type: 'done', revision };
  }
  const [marked, store, first] = responses.map(({ responseRange }) => responseRange?.kvs[0]);
  if (marked?.value.equals(mark.value) === true) {
    return { type: 'done', revision: Number(marked.modRevision) };
  }
  if (Number(store?.createRevision ?? 0) !== guard.createRevision) return { type: 'store-gone' };
  if (Number(marked?.modRevision ?? 0) !== mark.before) return { type: 'mark-gone' };
  return { type: 'not-held', revision, actual: Number(first?.modRevision ?? 0) };
}

function putMark({ key, value, lease }: Mark): RequestOp {
  return { requestPut: { key, value, lease } };
}

function lookAt(key: Buffer): RequestOp {
  return { requestRange: { key, keysOnly: true } };
}
