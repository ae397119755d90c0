import {
  addFingerprint,
  decodeFingerprint,
  emptyFingerprint,
  encodeFingerprint,
  type FigureFingerprint,
} from '../../steps/index.js';

/** So many groups are withheld at most; an answer that lacks more is refused as a whole. */
const mostWithheld = 16;

/**
 * The smallest groups, as few as will do, without which a release may leave; `undefined` where there are none. Only what
 * all groups tell together is mended so: where a single figure tells of a few persons, which of the groups were withheld
 * would say in which group those are.
 *
 * @param mayLeave whether figures stand well beside each other and beside earlier ones.
 */
export async function groupsToWithhold(
  figures: readonly FigureFingerprint[],
  mayLeave: (figures: readonly FigureFingerprint[]) => Promise<boolean>,
): Promise<readonly string[] | undefined> {
  const single = figures.filter(({ together }) => together !== true);
  if (single.length === figures.length || !(await mayLeave(single))) return undefined;
  const groups = single
    .flatMap(({ group, persons }) => (group === undefined ? [] : [{ group, size: support(persons) }]))
    .sort((one, other) => one.size - other.size || (one.group < other.group ? -1 : 1))
    .map(({ group }) => group);
  for (let count = 1; count <= Math.min(mostWithheld, groups.length - 1); count += 1) {
    const withhold = groups.slice(0, count);
    const left = single.filter(({ group }) => group === undefined || !withhold.includes(group));
    const parts = left.filter(({ group }) => group !== undefined);
    if (await mayLeave(parts.length > 1 ? [...left, together(parts)] : left)) return withhold;
  }
  return undefined;
}

/** Buckets that hold somebody: about the number of persons, where those are few. */
function support(fingerprint: string): number {
  return decodeFingerprint(fingerprint).reduce((count, number) => (number === 0 ? count : count + 1), 0);
}

function together(parts: readonly FigureFingerprint[]): FigureFingerprint {
  const [first] = parts;
  return {
    together: true,
    persons: sum(parts.map(({ persons }) => persons)),
    values: (first?.values ?? []).map((_, kind) => sum(parts.map(({ values }) => values[kind] ?? ''))),
  };
}

function sum(fingerprints: readonly string[]): string {
  const decoded = fingerprints.map(decodeFingerprint);
  const all = emptyFingerprint(Math.max(1, (decoded[0]?.length ?? 2) - 1));
  for (const one of decoded) addFingerprint(all, one);
  return encodeFingerprint(all);
}
