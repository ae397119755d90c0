import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { TaskFilter } from '../task/index.js';

const none = z.strictObject({});
const pixels = z.int().min(1).max(8_192);

/** What can be done to an image, with the parameters that each takes. */
export const filters = {
  invert: { title: 'Every colour becomes its opposite.', parameters: none },
  grayscale: { title: 'Colours become shades of grey.', parameters: none },
  blur: {
    title: 'Details go under in a Gaussian blur.',
    parameters: z.strictObject({
      sigma: z.number().min(0.3).max(100).default(2).describe('Standard deviation of the blur, in pixels.'),
    }),
  },
  pixelate: {
    title: 'Squares take the place of details.',
    parameters: z.strictObject({
      size: z.int().min(2).max(256).default(10).describe('Width and height of a square, in pixels.'),
    }),
  },
  edges: { title: 'Only where colours change is light.', parameters: none },
  thumbnail: {
    title: 'Fits into a small frame; what fits already stays as large as it is.',
    parameters: z.strictObject({
      width: pixels.default(256).describe('Width of the frame, in pixels.'),
      height: pixels.default(256).describe('Height of the frame, in pixels.'),
    }),
  },
  'strip-metadata': {
    title: 'The picture as it is, without where, when and by what it was taken.',
    parameters: none,
  },
  keep: { title: 'The file as it is, byte for byte; it need not be an image.', parameters: none },
} as const satisfies Record<string, { title: string; parameters: z.ZodObject }>;

/** A name of `filters`. */
export type FilterName = keyof typeof filters;

/**
 * A filter with its parameters checked, and what they leave out filled in. Throws `input-invalid` with what is known, or
 * with what is wrong of each parameter.
 */
export function checkFilter(name: string, parameters: unknown = {}): TaskFilter {
  if (!isFilterName(name)) {
    throw new StarlingError(
      'input-invalid',
      `There is no filter ${JSON.stringify(name)}. Use one of: ${Object.keys(filters).join(', ')}.`,
      { details: { filter: name, known: Object.keys(filters) } },
    );
  }
  const checked = filters[name].parameters.safeParse(parameters);
  if (checked.success) return { name, parameters: checked.data };
  const problems = checked.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const takes = Object.keys(filters[name].parameters.shape).join(', ') || 'none';
  throw new StarlingError(
    'input-invalid',
    `The parameters of filter ${name} do not do: ${problems.join('; ')}. It takes: ${takes}.`,
    { details: { filter: name, problems } },
  );
}

/** Whether there is a filter of that name. */
export function isFilterName(name: string): name is FilterName {
  return Object.hasOwn(filters, name);
}
