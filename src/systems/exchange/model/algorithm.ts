import { z } from 'zod';

/** The algorithms there are; each has an exact partial and merge form. */
export const algorithmName = z.enum([
  ...['average', 'count', 'sum', 'variance', 'histogram', 'quantiles', 'min', 'max'],
  ...['covariance', 'correlation', 'linearRegression', 'logisticRegression'],
] as const);
export type AlgorithmName = z.infer<typeof algorithmName>;

/** Algorithms whose figure is the value of one row: they leave only where an agreement allows extremes. */
export const extremeAlgorithms: ReadonlySet<AlgorithmName> = new Set(['min', 'max']);

/** Algorithms that go over the rows several times, and so give one fit over all of them. */
export const inRounds: ReadonlySet<AlgorithmName> = new Set(['logisticRegression']);

/** Most columns that one algorithm computes with. */
export const mostColumns = 16;
/** Most quantiles that one question asks for. */
export const mostQuantiles = 99;

/** The bins of a histogram: `[origin + n·width, origin + (n+1)·width)`, in the column's own unit; origin 0 if not given. */
export const bins = z.strictObject({
  width: z.number().positive().describe('The width of one bin, in the unit of the column.'),
  origin: z.number().exactOptional().describe('Where a bin starts. Default: 0.'),
});
export type Bins = z.infer<typeof bins>;

/** The value that a column is asked to be equal to. */
export const equalTo = z.union([z.string().max(1_000), z.number(), z.boolean()]);

/** What a regression explains: a measure; or whether a measure or group has one value, which then counts as 1 and others as 0. */
export interface Outcome {
  /** `Table.column` */
  readonly column: string;
  readonly equals?: z.infer<typeof equalTo>;
}

/** The members of a request that name what an algorithm computes with. */
export type AlgorithmMember = 'column' | 'columns' | 'outcome' | 'predictors' | 'bins' | 'quantiles';

/** What each algorithm computes with, in the order in which a person would name it. */
export const algorithmMembers: Readonly<Record<AlgorithmName, readonly AlgorithmMember[]>> = {
  average: ['column'],
  count: ['column'],
  sum: ['column'],
  variance: ['column'],
  histogram: ['column', 'bins'],
  quantiles: ['column', 'quantiles'],
  min: ['column'],
  max: ['column'],
  covariance: ['columns'],
  correlation: ['columns'],
  linearRegression: ['outcome', 'predictors'],
  logisticRegression: ['outcome', 'predictors'],
};
