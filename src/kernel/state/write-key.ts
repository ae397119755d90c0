import { StarlingError } from '../errors/index.js';
import type { Operation, Transaction, TransactionResult } from './state.js';

/** What came of a transaction, as an adapter knows it. */
export interface Outcome extends TransactionResult {
  /** Where it did not succeed: the revision of the key whose comparison did not hold, 0 where it does not exist. */
  readonly actualRevision?: number;
}

/**
 * Writes one key, by a transaction: only while it is at `ifRevision` where that is given (0: it does not exist). Resolves
 * with the revision of the write, and throws `revision-conflict` where the key is at another.
 */
export async function writeKey(
  operation: Operation,
  ifRevision: number | undefined,
  transact: (transaction: Transaction) => Promise<Outcome>,
): Promise<number> {
  const key = 'put' in operation ? operation.put : operation.delete;
  const compare = ifRevision === undefined ? [] : [{ key, modRevision: ifRevision }];
  const { succeeded, revision, actualRevision } = await transact({ compare, success: [operation] });
  if (succeeded) return revision;
  throw new StarlingError(
    'revision-conflict',
    `The key ${JSON.stringify(key)} is at revision ${actualRevision}, not at ${ifRevision} (0: it does not exist). Read it again and decide anew.`,
    { details: { key, expectedRevision: ifRevision, actualRevision } },
  );
}
