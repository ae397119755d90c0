import { z } from 'zod';

/** The algorithms there are; each has an exact partial and merge form. */
export const algorithmName = z.enum(['average', 'count', 'sum', 'variance', 'histogram', 'min', 'max']);
export type AlgorithmName = z.infer<typeof algorithmName>;

/** Algorithms whose figure is the value of one row: they leave only where an agreement allows extremes. */
export const extremeAlgorithms: ReadonlySet<AlgorithmName> = new Set(['min', 'max']);

/** The bins of a histogram: `[origin + n·width, origin + (n+1)·width)`, in the column's own unit; origin 0 if not given. */
export const bins = z.strictObject({
  width: z.number().positive().describe('The width of one bin, in the unit of the column.'),
  origin: z.number().exactOptional().describe('Where a bin starts. Default: 0.'),
});
export type Bins = z.infer<typeof bins>;
