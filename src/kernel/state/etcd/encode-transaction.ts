import type { PreparedOperation, PreparedTransaction } from '../prepare.js';
import type { Comparison } from '../state.js';
import { leaseNumber } from './lease-ids.js';
import { type Compare, comparing, type RequestOp } from './messages.js';
import type { EtcdStore } from './store.js';

/** What one branch of a transaction does. */
export interface Branch {
  readonly operations: readonly RequestOp[];
  /** The keys that it deletes. */
  readonly deletes: readonly Buffer[];
  /** It changes something whenever it runs. Otherwise it only deletes keys that may not be there. */
  readonly isSure: boolean;
}

/** A transaction in etcd's terms. */
export interface EncodedTransaction {
  readonly compare: readonly Compare[];
  readonly success: Branch;
  readonly failure: Branch;
}

/** Puts a checked transaction into etcd's terms. */
export function encodeTransaction(
  store: Pick<EtcdStore, 'keys' | 'toEtcd'>,
  { compare, success, failure }: PreparedTransaction,
): EncodedTransaction {
  const { keys } = store;
  const demanded = new Set(compare.filter(demandsKey).map(({ key }) => key));
  const branch = (operations: readonly PreparedOperation[], there: ReadonlySet<string>): Branch => ({
    operations: operations.map((operation) =>
      operation.type === 'delete'
        ? { requestDeleteRange: { key: keys.entry(operation.key) } }
        : {
            requestPut: {
              key: keys.entry(operation.key),
              value: Buffer.from(operation.text),
              ...(operation.lease === undefined ? {} : { lease: leaseNumber(operation.lease) }),
            },
          },
    ),
    deletes: operations.flatMap(({ type, key }) => (type === 'delete' ? [keys.entry(key)] : [])),
    isSure: operations.some(({ type, key }) => type === 'put' || there.has(key)),
  });
  return {
    compare: compare.map((comparison) => encodeComparison(store, comparison)),
    success: branch(success, demanded),
    failure: branch(failure, new Set()),
  };
}

/** True where the comparison only holds for a key that is there. */
function demandsKey(comparison: Comparison): boolean {
  return 'exists' in comparison ? comparison.exists : comparison.modRevision > 0;
}

function encodeComparison(store: Pick<EtcdStore, 'keys' | 'toEtcd'>, comparison: Comparison): Compare {
  const key = store.keys.entry(comparison.key);
  const modified = { key, target: comparing.modified };
  if ('exists' in comparison) {
    const result = comparison.exists ? comparing.greater : comparing.equal;
    return { ...modified, result, modRevision: 0 };
  }
  const modRevision = comparison.modRevision === 0 ? 0 : store.toEtcd(comparison.modRevision);
  return { ...modified, result: comparing.equal, modRevision };
}
