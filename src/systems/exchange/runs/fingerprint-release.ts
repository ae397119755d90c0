import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Aggregate,
  type AggregateStatements,
  addFingerprint,
  emptyFingerprint,
  encodeFingerprint,
  type FigureFingerprint,
  type Fingerprint,
  type FingerprintRule,
  groupKey,
  mostBuckets,
  type PartialRow,
} from '../steps/index.js';
import { toCell } from './count-persons.js';

/** What is released, and how more is asked of the database. */
export interface FingerprintInput {
  readonly rule: FingerprintRule;
  /** The rows that are released. */
  readonly rows: readonly PartialRow[];
  readonly aggregate: Aggregate;
  readonly statements: AggregateStatements;
  run(statement: string): Promise<readonly (readonly unknown[])[]>;
}

/** Groups and buckets that are read at most; it bounds the memory that a question of very many groups takes. */
const mostRows = 500_000;

/** The two fingerprints of one figure, while rows are added to them. */
interface Pair {
  readonly persons: Fingerprint;
  readonly values: Fingerprint;
}

/**
 * The fingerprints of every released group, of the total where it is released, and of all released groups together.
 * Throws `release-refused` where there are so many groups that the release could not be held against others.
 */
export async function fingerprintRelease(input: FingerprintInput): Promise<FigureFingerprint[]> {
  const { rule, rows, aggregate, statements, run } = input;
  const released = rows.filter((row) => !row.total);
  if (rows.length === 0) return [];
  if ((rows.length + 1) * rule.buckets > mostBuckets) throw tooManyGroups();
  const empty = (): Pair => ({
    persons: emptyFingerprint(rule.buckets),
    values: emptyFingerprint(rule.buckets),
  });
  const groups = new Map(released.map((row) => [groupKey(row.group), empty()]));
  const total = empty();
  const keys = aggregate.groups.length + (aggregate.algorithm.bin !== undefined && aggregate.column ? 1 : 0);
  const read = await run(statements.fingerprints(rule, mostRows + 1));
  if (read.length > mostRows) throw tooManyGroups();
  for (const row of read) {
    const group = groups.get(groupKey(row.slice(0, keys).map(toCell)));
    const [bucket, persons, values] = row.slice(keys);
    for (const pair of group === undefined ? [total] : [total, group]) {
      addTo(pair.persons, Number(bucket), persons);
      if (values !== undefined) addTo(pair.values, Number(bucket), values);
    }
  }
  const union = empty();
  for (const { persons, values } of groups.values()) {
    addFingerprint(union.persons, persons);
    addFingerprint(union.values, values);
  }
  const figures = [...groups.values()];
  if (released.length > 1) figures.push(union);
  if (released.length < rows.length) figures.push(total);
  return figures.map(({ persons, values }) => ({
    persons: encodeFingerprint(persons),
    ...(aggregate.column === undefined ? {} : { values: encodeFingerprint(values) }),
  }));
}

function addTo(fingerprint: Fingerprint, bucket: number, sum: unknown): void {
  const added = Number(BigInt.asUintN(32, BigInt(String(sum))));
  fingerprint[bucket] = (fingerprint[bucket] ?? 0) + added;
}

function tooManyGroups(): StarlingError {
  return new StarlingError(
    'release-refused',
    'The answer has so many groups that it cannot be held against earlier ones. Ask for fewer groups, or wider bins.',
  );
}
