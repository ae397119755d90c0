import { contentHash } from '../../../kernel/identity/index.js';
import type { DataSet } from './data-set.js';

const hashes = new WeakMap<DataSet, string>();

/**
 * What an order says of a data set: the hash of what is declared of it, without the sources, which only their providers
 * know. Remembered by object, since every request asks for it.
 */
export function dataSetHash(dataSet: DataSet): string {
  const known = hashes.get(dataSet);
  if (known !== undefined) return known;
  const { sources: _, ...declared } = dataSet;
  const hash = contentHash(declared);
  hashes.set(dataSet, hash);
  return hash;
}
