export {
  type Aggregate,
  AggregateStatements,
  algorithmNamed,
  type GroupColumn,
  isBinned,
  type PartialRow,
} from './aggregate.js';
export {
  type Algorithm,
  algorithms,
  type Bins,
  type Cell,
  isFloating,
  isNumeric,
  type PartialState,
} from './algorithms/index.js';
export { type AnonymizeRule, anonymized } from './anonymize.js';
export { fewestPersons } from './fewest-persons.js';
export {
  addFingerprint,
  bucketsFor,
  decodeFingerprint,
  emptyFingerprint,
  encodeFingerprint,
  type FigureFingerprint,
  type Fingerprint,
  type FingerprintRule,
  mostBuckets,
  type ReleaseFingerprints,
} from './fingerprint.js';
export { comparableType, hashedTogether, hashProbe, type KeyType, keyTypeOf } from './fingerprint-hash.js';
export { type AnswerTable, finishPartials, mergePartials, nextRound } from './merge.js';
export type { Partials } from './partials.js';
export { pseudonymKeys, pseudonymNumber } from './pseudonym-number.js';
export { joinWords, range, rowsOf, withoutSemicolon } from './sql.js';
export { groupKey, type Release, suppress, type Withheld, withSmallGroups } from './suppress.js';
