import { addQuantities, atScale, divide, isWhole, type Quantity, quantityOver } from '../quantity.js';
import type { Algorithm, ColumnExpression, PartialState } from './algorithm.js';
import { quantity } from './sums.js';
import { isInteger, productType } from './types.js';

/** Means, and the sums of products of differences from them: `coMoments[i][j]` is Σ(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ), symmetric. */
export interface Moments {
  readonly rows: number;
  readonly means: readonly number[];
  readonly coMoments: readonly (readonly number[])[];
}

/**
 * What algorithms over several columns share. Whole numbers are carried as Σx and Σxy and are exact until the last division.
 * Other numbers are carried as means and co-moments, which do not cancel, and are merged by the pairwise rule of Chan, Golub
 * and LeVeque (1979), in the form for co-moments of Pébay (2008), "Formulas for robust, one-pass parallel computation of
 * covariances and arbitrary-order statistical moments". Matrices are kept as their upper triangles, row by row.
 */
export const momentPartials: Pick<Algorithm, 'aggregates' | 'read' | 'merge' | 'isSound'> = {
  aggregates: (columns) =>
    columns.every(({ type }) => isInteger(type)) ? exactAggregates(columns) : centredAggregates(columns),
  read: ([rows, ...values]) => {
    const columns = columnsIn(values.length);
    const [first, second] = [values.slice(0, columns), values.slice(columns)];
    if (values.some((value) => value === null)) return { rows: 0 };
    return typeof first[0] === 'string'
      ? { rows: Number(rows), sums: first.map(quantity), products: second.map(quantity) }
      : { rows: Number(rows), means: first.map(Number), coMoments: second.map(Number) };
  },
  isSound: areMoments,
  merge: (left, right) => {
    if (left.rows === 0) return right;
    if (right.rows === 0) return left;
    const rows = left.rows + right.rows;
    if (left.sums && right.sums && left.products && right.products)
      return { rows, sums: added(left.sums, right.sums), products: added(left.products, right.products) };
    return mergeCentred(momentsOf(left), momentsOf(right));
  },
};

/** Whether a state is one of so many columns: sums and products of whole numbers, or means and co-moments. */
export function areMoments(
  { rows, sums, products, means, coMoments }: PartialState,
  columns: number,
): boolean {
  if (rows === 0) return true;
  const [first, second] = sums === undefined ? [means, coMoments] : [sums, products];
  const whole = [...(sums ?? []), ...(products ?? [])].every(isWhole);
  return whole && first?.length === columns && second?.length === pairs(columns).length;
}

/** The moments of a state that has rows. */
export function momentsOf({ rows, sums, products, means = [], coMoments = [] }: PartialState): Moments {
  if (sums === undefined || products === undefined) return { rows, means, coMoments: square(coMoments) };
  const whole = sums.map(wholeNumber);
  const count = BigInt(rows);
  // n·Σxy − Σx·Σy is exact, and n times the co-moment
  const centred = pairs(sums.length).map(([i, j], at) =>
    divide(count * wholeNumber(products[at]) - (whole[i] ?? 0n) * (whole[j] ?? 0n), count),
  );
  return { rows, means: sums.map((sum) => quantityOver(sum, rows)), coMoments: square(centred) };
}

/** The positions of an upper triangle, row by row. */
export function pairs(size: number): (readonly [number, number])[] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size - i }, (_, offset) => [i, i + offset] as const),
  ).flat();
}

function exactAggregates(columns: readonly ColumnExpression[]): string[] {
  const type = productType(columns);
  const sums = columns.map(({ sql }) => `CAST(sum(${sql}) AS VARCHAR)`);
  const products = productsOf(columns, (one, other) => {
    const product = `CAST(${one} AS ${type}) * CAST(${other} AS ${type})`;
    return `CAST(sum(${product}) AS VARCHAR)`;
  });
  return ['count(*)', ...sums, ...products];
}

function centredAggregates(columns: readonly ColumnExpression[]): string[] {
  const doubles = columns.map(({ sql }) => ({ sql: `CAST(${sql} AS DOUBLE)` }));
  const coMoments = productsOf(doubles, (one, other) => `covar_pop(${one}, ${other}) * count(*)`);
  return ['count(*)', ...doubles.map(({ sql }) => `favg(${sql})`), ...coMoments];
}

function productsOf(
  columns: readonly { readonly sql: string }[],
  product: (one: string, other: string) => string,
): string[] {
  return pairs(columns.length).map(([i, j]) => product(columns[i]?.sql ?? '', columns[j]?.sql ?? ''));
}

function mergeCentred(left: Moments, right: Moments): PartialState {
  const rows = left.rows + right.rows;
  const differences = left.means.map((mean, i) => (right.means[i] ?? 0) - mean);
  const weight = (left.rows * right.rows) / rows;
  return {
    rows,
    means: left.means.map((mean, i) => mean + ((differences[i] ?? 0) * right.rows) / rows),
    coMoments: pairs(left.means.length).map(
      ([i, j]) =>
        (left.coMoments[i]?.[j] ?? 0) +
        (right.coMoments[i]?.[j] ?? 0) +
        (differences[i] ?? 0) * (differences[j] ?? 0) * weight,
    ),
  };
}

function added(left: readonly Quantity[], right: readonly Quantity[]): Quantity[] {
  return left.map((one, i) => addQuantities(one, right[i] ?? { exact: '0', scale: 0 }));
}

/** How many columns have that many sums and products together: p + p(p+1)/2. */
function columnsIn(values: number): number {
  return Math.round((Math.sqrt(9 + 8 * values) - 3) / 2);
}

/** A symmetric matrix from its upper triangle, row by row. */
export function square(triangle: readonly number[]): number[][] {
  const size = Math.round((Math.sqrt(1 + 8 * triangle.length) - 1) / 2);
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [at, [i, j]] of pairs(size).entries()) {
    for (const [row, column] of [
      [i, j],
      [j, i],
    ] as const) {
      const line = matrix[row];
      if (line !== undefined) line[column] = triangle[at] ?? 0;
    }
  }
  return matrix;
}

function wholeNumber(value: Quantity | undefined): bigint {
  if (value === undefined || 'double' in value) throw new TypeError('Sums of whole numbers are exact.');
  return atScale(value, 0);
}
