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
  type Withheld,
} from '../steps/index.js';
import { toCell } from './count-persons.js';

/** What is released, and how more is asked of the database. */
export interface FingerprintInput {
  readonly rule: FingerprintRule;
  /** What is released. */
  readonly release: { readonly rows: readonly PartialRow[]; readonly withheld: Withheld };
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
  readonly small: boolean;
}

/**
 * The fingerprints of every released group, of the total where it is released, and of all released groups together.
 * Throws `release-refused` where there are so many groups that the release could not be held against others.
 */
export async function fingerprintRelease(input: FingerprintInput): Promise<FigureFingerprint[]> {
  const { rule, release, aggregate, statements, run } = input;
  const { rows, withheld } = release;
  const released = rows.filter((row) => !row.total);
  if (rows.length === 0) return [];
  if ((rows.length + 1) * rule.buckets > mostBuckets) throw tooManyGroups();
  const empty = (small: boolean): Pair => ({
    small,
    persons: emptyFingerprint(rule.buckets),
    values: emptyFingerprint(rule.buckets),
  });
  const groups = new Map(released.map((row) => [groupKey(row.group), empty(row.persons !== undefined)]));
  const total = empty(withheld.total);
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
  const union = empty(false);
  const large = [...groups.values()].filter(({ small }) => !small);
  for (const { persons, values } of large) {
    addFingerprint(union.persons, persons);
    addFingerprint(union.values, values);
  }
  const figures = [...groups.values()];
  if (large.length > 1) figures.push(union);
  if (released.length < rows.length) figures.push(total);
  return figures.map(({ persons, values, small }) => ({
    persons: encodeFingerprint(persons),
    ...(aggregate.column === undefined ? {} : { values: encodeFingerprint(values) }),
    ...(small ? { small } : {}),
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
