import { StarlingError } from '../errors/index.js';
import { encodeKey } from './keys.js';
import { stateLimits } from './limits.js';
import type { Comparison, Operation, Transaction } from './state.js';
import { encodeValue } from './values.js';

/** An operation whose key and value were checked; the value is JSON text, so that later changes of the caller's object do not reach it. */
export type PreparedOperation =
  | { readonly type: 'put'; readonly key: string; readonly text: string; readonly lease: string | undefined }
  | { readonly type: 'delete'; readonly key: string };

/** A transaction that was checked and can be decided, now or later. */
export interface PreparedTransaction {
  readonly compare: readonly Comparison[];
  readonly success: readonly PreparedOperation[];
  readonly failure: readonly PreparedOperation[];
}

/**
 * Checks a transaction and takes a copy of it.
 * Throws `input-invalid` (a bad key, value or revision, a key that is named twice in one branch) and `input-too-large`
 * (more than 128 comparisons or operations, or more than 1 MiB of values in a branch).
 */
export function prepareTransaction(transaction: Transaction): PreparedTransaction {
  assertCount(transaction.compare.length, 'comparisons');
  return {
    compare: transaction.compare.map(prepareComparison),
    success: prepareOperations(transaction.success),
    failure: prepareOperations(transaction.failure ?? []),
  };
}

/** Throws `input-invalid` unless `revision` is a whole number that is not negative. */
export function assertRevision(revision: unknown, what: string): asserts revision is number {
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return;
  throw new StarlingError(
    'input-invalid',
    `${what} is ${String(revision)}. Give a whole number that is not negative.`,
  );
}

/** Throws `input-invalid` unless `value` is a whole number from 1 to `most`. */
export function assertWithin(value: unknown, most: number, what: string): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new StarlingError(
    'input-invalid',
    `The ${what} is ${String(value)}. Give a whole number from 1 to ${most}.`,
  );
}

function prepareComparison(comparison: Comparison): Comparison {
  encodeKey(comparison.key);
  if ('exists' in comparison) {
    if (typeof comparison.exists === 'boolean') return { key: comparison.key, exists: comparison.exists };
    throw new StarlingError(
      'input-invalid',
      `The comparison of key ${JSON.stringify(comparison.key)} is no boolean.`,
    );
  }
  assertRevision(
    comparison.modRevision,
    `The revision that key ${JSON.stringify(comparison.key)} is compared with`,
  );
  return { key: comparison.key, modRevision: comparison.modRevision };
}

function prepareOperations(operations: readonly Operation[]): PreparedOperation[] {
  assertCount(operations.length, 'operations');
  const keys = new Set<string>();
  let size = 0;
  return operations.map((operation) => {
    const prepared = prepareOperation(operation);
    if (keys.has(prepared.key)) {
      throw new StarlingError(
        'input-invalid',
        `A transaction names the key ${JSON.stringify(prepared.key)} twice. Name each key once in a branch.`,
      );
    }
    keys.add(prepared.key);
    if (prepared.type === 'put') size += Buffer.byteLength(prepared.text, 'utf8');
    if (size > stateLimits.valueBytes) {
      throw new StarlingError(
        'input-too-large',
        `The values of a transaction have more than ${stateLimits.valueBytes} bytes together. Write less in one transaction.`,
      );
    }
    return prepared;
  });
}

function prepareOperation(operation: Operation): PreparedOperation {
  if ('delete' in operation) {
    encodeKey(operation.delete);
    return { type: 'delete', key: operation.delete };
  }
  encodeKey(operation.put);
  const text = encodeValue(operation.value, operation.put);
  return { type: 'put', key: operation.put, text, lease: operation.lease };
}

function assertCount(count: number, what: string): void {
  if (count <= stateLimits.operations) return;
  throw new StarlingError(
    'input-too-large',
    `A transaction has ${count} ${what}; at most ${stateLimits.operations} are taken. Split it.`,
  );
}
