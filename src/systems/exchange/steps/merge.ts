import type { Fit } from '../model/fit.js';
import { algorithmNamed, type PartialRow } from './aggregate.js';
import type { FinishedAs } from './algorithms/algorithm.js';
import type { Cell } from './algorithms/index.js';
import { assertAlike } from './assert-alike.js';
import type { Partials } from './partials.js';
import { withoutFew } from './small-groups.js';
import { addWithheld, groupKey, type Withheld } from './suppress.js';

/** A table of released values. */
export interface AnswerTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly withheld: Withheld;
}

/**
 * Merges the partials of several providers exactly: the order of providers makes no difference to sums and counts of
 * whole numbers and decimals. Small groups are merged in, or left out, by `withoutFew`. A total is shown only where every
 * provider could show its own. Throws `input-invalid` where they are not of one question.
 *
 * @param minimum the fewest persons of a group; the largest that any provider names holds besides
 */
export function mergePartials(all: readonly Partials[], minimum = 1): Partials {
  const [first] = all;
  if (first === undefined) throw new RangeError('There is nothing to merge.');
  for (const other of all) assertAlike(other, first);
  const algorithm = algorithmNamed(first.algorithm);
  const merged = new Map<string, PartialRow>();
  const enough = withoutFew(all, minimum);
  for (const { group, total, state } of enough.flatMap((partials) => partials.rows)) {
    const key = `${total}:${groupKey(group)}`;
    const known = merged.get(key);
    merged.set(key, {
      group,
      total,
      state: known === undefined ? state : algorithm.merge(known.state, state),
    });
  }
  const withheld = addWithheld(enough.map((partials) => partials.withheld));
  const rows = [...merged.values()].filter((row) => !row.total || !withheld.total);
  return { ...first, rows, withheld };
}

/** Turns partial states into the values that a person reads, ordered by group; the total comes last. */
export function finishPartials(partials: Partials): AnswerTable {
  const algorithm = algorithmNamed(partials.algorithm);
  const names = partials.groups;
  const finish = (row: PartialRow) => {
    const bin = algorithm.bin === undefined || row.total ? undefined : row.group[names.length];
    return algorithm.finish(row.state, { ...askedOf(partials, row), bin });
  };
  const totalled = partials.rows.some((row) => row.total);
  const rows = [...partials.rows].sort(byGroup).flatMap((row) => {
    const groups = Object.fromEntries(
      names.map((name, i) => [name, row.total ? null : (row.group[i] ?? null)]),
    );
    const flag = totalled ? { total: row.total } : {};
    return finish(row).map((values) => ({ ...groups, ...flag, ...values }));
  });
  return { columns: columnsOf(rows, names), rows, withheld: partials.withheld };
}

/**
 * What the next round over the rows computes with; `undefined` where the partials can be finished. Throws `no-fit` where no
 * round would help.
 */
export function nextRound(partials: Partials): Fit | undefined {
  const { next } = algorithmNamed(partials.algorithm);
  const [row] = partials.rows;
  return row === undefined ? undefined : next?.(row.state, askedOf(partials, row));
}

function askedOf(
  { bins, quantiles, fit, columns = [], groups }: Partials,
  row: PartialRow,
): Omit<FinishedAs, 'bin'> {
  return { bins, quantiles, fit, columns, group: groupLabel(groups, row) };
}

function groupLabel(names: readonly string[], { group, total }: PartialRow): string {
  if (names.length === 0) return '';
  return total
    ? ' of all groups'
    : ` of ${names.map((name, i) => `${name} ${group[i] ?? 'NULL'}`).join(', ')}`;
}

function columnsOf(
  rows: readonly Readonly<Record<string, Cell>>[],
  groups: readonly string[],
): readonly string[] {
  const columns = new Set<string>(groups);
  for (const row of rows) for (const name of Object.keys(row)) columns.add(name);
  return [...columns];
}

function byGroup(left: PartialRow, right: PartialRow): number {
  if (left.total !== right.total) return left.total ? 1 : -1;
  for (const [position, value] of left.group.entries()) {
    const order = compareCells(value, right.group[position] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function compareCells(left: Cell, right: Cell): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}
