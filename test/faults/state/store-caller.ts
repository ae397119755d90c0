import type { Entry, Page, TransactionResult } from '../../../src/kernel/state/index.js';
import type { Caller, Outcome } from '../caller.js';
import { type StoreAnswer, type StoreAsked, seenOf } from './store-model.js';

/** How long a client waits for an answer, in milliseconds; later, the outcome is unknown to it. */
const patienceMs = 3_000;

/** Asks as a client of the port does: by the simplest method that can do it. */
export async function askStore(caller: Caller, asked: StoreAsked): Promise<Outcome<StoreAnswer>> {
  if ('read' in asked) return readKeys(caller, asked.read);
  const { compare, success, failure } = asked.write;
  const [condition] = compare;
  const [operation] = success;
  const isSimple = compare.length <= 1 && success.length === 1 && failure === undefined;
  if (!isSimple || operation === undefined || (condition !== undefined && 'exists' in condition))
    return caller.ask<TransactionResult>('transaction', asked.write, patienceMs);
  const options = condition === undefined ? {} : { ifRevision: condition.modRevision };
  const outcome =
    'put' in operation
      ? caller.ask<number>('put', { key: operation.put, value: operation.value, options }, patienceMs)
      : caller.ask<number>('delete', { key: operation.delete, options }, patienceMs);
  const ended = await outcome;
  if ('result' in ended) return { ...ended, result: { succeeded: true, revision: ended.result } };
  if (ended.error.code !== 'revision-conflict') return ended;
  return { calledAt: ended.calledAt, at: ended.at, result: { succeeded: false } };
}

async function readKeys(caller: Caller, keys: readonly string[]): Promise<Outcome<StoreAnswer>> {
  const [key = ''] = keys;
  if (keys.length === 1) {
    const ended = await caller.ask<Entry | null>('get', { key }, patienceMs);
    return 'error' in ended
      ? ended
      : { ...ended, result: { entries: ended.result === null ? [] : [seenOf(ended.result)] } };
  }
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  const ended = await caller.ask<Page>('list', { prefix }, patienceMs);
  if ('error' in ended) return ended;
  const { entries, revision } = ended.result;
  return { ...ended, result: { entries: entries.map(seenOf), revision } };
}
