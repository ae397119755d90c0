import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Aggregate,
  type AggregateStatements,
  addFingerprint,
  comparableType,
  emptyFingerprint,
  encodeFingerprint,
  type FigureFingerprint,
  type Fingerprint,
  type FingerprintRule,
  groupKey,
  hashedTogether,
  hashProbe,
  isBinned,
  type KeyType,
  mostBuckets,
  type PartialRow,
  type ReleaseFingerprints,
  type Withheld,
} from '../steps/index.js';
import { toCell } from './count-persons.js';

/** What is released, and how more is asked of the database. */
export interface FingerprintInput {
  readonly rule: FingerprintRule;
  readonly keys: KeyType;
  /** What is released. */
  readonly release: { readonly rows: readonly PartialRow[]; readonly withheld: Withheld };
  readonly aggregate: Aggregate;
  readonly statements: AggregateStatements;
  run(statement: string): Promise<readonly (readonly unknown[])[]>;
  /** The same, column by column: many rows are read so in a fraction of the time. */
  columns(statement: string): Promise<readonly (readonly unknown[])[]>;
}

/** Groups and buckets that are read at most; it bounds the memory that a question of very many groups takes. */
const mostRows = 500_000;

/** The fingerprints of one figure, while rows are added to them. */
interface Pair {
  readonly group?: string;
  readonly together?: true;
  readonly persons: Fingerprint;
  readonly values: readonly Fingerprint[];
  readonly small: boolean;
}

/**
 * The fingerprints of every released group, of the total where it is released, and of all released groups together.
 * Throws `release-refused` where there are so many groups that the release could not be held against others.
 */
export async function fingerprintRelease(input: FingerprintInput): Promise<ReleaseFingerprints> {
  const types = input.aggregate.measures.map(({ type }) => comparableType(type));
  const probe = (await input.run(hashProbe(input.rule.key)))[0]?.[0];
  const form = `${probe} ${input.keys}`;
  return {
    personsForm: form,
    valuesForms: hashedTogether(types).map((together) => `${form} ${together.join(' ')}`),
    figures: await figuresOf(input),
  };
}

async function figuresOf(input: FingerprintInput): Promise<FigureFingerprint[]> {
  const { rule, release, aggregate, statements } = input;
  const { rows, withheld } = release;
  const released = rows.filter((row) => !row.total);
  if (rows.length === 0) return [];
  const kinds = hashedTogether(aggregate.measures).length;
  // room is reckoned for persons and one measure, and is the less the more measures there are
  const mostGroups = Math.floor((2 * mostBuckets) / (rule.buckets * Math.max(2, 1 + kinds))) - 1;
  if (rows.length > mostGroups) throw tooManyGroups(mostGroups);
  const empty = (small: boolean): Pair => ({
    small,
    persons: emptyFingerprint(rule.buckets),
    values: Array.from({ length: kinds }, () => emptyFingerprint(rule.buckets)),
  });
  const groups = new Map(
    released.map((row) => {
      const group = groupKey(row.group);
      return [group, { ...empty(row.persons !== undefined), group }];
    }),
  );
  const total = released.length < rows.length ? empty(withheld.total) : undefined;
  const keys = aggregate.groups.length + (isBinned(aggregate) ? 1 : 0);
  const columns = await input.columns(statements.fingerprints(rule, input.keys, mostRows + 1));
  const names = columns.slice(0, keys);
  const [buckets = [], persons = [], ...values] = columns.slice(keys);
  if (buckets.length > mostRows) throw tooManyGroups(Math.floor(mostRows / rule.buckets));
  let group: Pair | undefined;
  for (let row = 0; row < buckets.length; row += 1) {
    // rows of one group follow one another
    if (row === 0 || names.some((cells) => cells[row] !== cells[row - 1])) {
      group = groups.get(groupKey(names.map((cells) => toCell(cells[row]))));
    }
    const bucket = Number(buckets[row]);
    for (const pair of [group, total]) {
      if (pair === undefined) continue;
      addTo(pair.persons, bucket, Number(persons[row]));
      for (const [kind, sums] of pair.values.entries()) addTo(sums, bucket, Number(values[kind]?.[row]));
    }
  }
  const union: Pair = { ...empty(false), together: true };
  const large = [...groups.values()].filter(({ small }) => !small);
  for (const { persons, values } of large) {
    addFingerprint(union.persons, persons);
    for (const [kind, sum] of union.values.entries()) {
      addFingerprint(sum, values[kind] ?? emptyFingerprint(rule.buckets));
    }
  }
  const figures: Pair[] = [...groups.values()];
  if (large.length > 1) figures.push(union);
  if (total !== undefined) figures.push(total);
  return figures.map(({ persons, values, small, ...what }) => ({
    ...what,
    persons: encodeFingerprint(persons),
    values: values.map(encodeFingerprint),
    ...(small ? { small } : {}),
  }));
}

function addTo(fingerprint: Fingerprint, bucket: number, sum: number): void {
  fingerprint[bucket] = (fingerprint[bucket] ?? 0) + sum;
}

function tooManyGroups(most: number): StarlingError {
  return new StarlingError(
    'release-refused',
    `The answer has more groups than can be held against earlier ones: ${most} of this size. Divide it by fewer columns, or by wider bins, or ask for a part of the groups at a time.`,
    { details: { mostGroups: most } },
  );
}
