import { z } from 'zod';

const schema = z.strictObject({
  seed: z.coerce.number().int().min(0).default(20_261_121),
  operations: z.coerce.number().int().min(10).optional(),
  minutes: z.coerce.number().positive().optional(),
  engine: z.string().optional(),
});

/** What a run of a suite consists of. */
export interface Settings {
  readonly seed: number;
  /** How many operations there are at least. */
  readonly operations: number;
  /** How long it goes on, however many operations that is; by operations where it is left out. */
  readonly minutes?: number;
  /** The one engine to run on; all that are there where it is left out. */
  readonly engine?: string;
}

/** The settings in a text of JSON, as `run.mjs` hands them on. Throws where they are not ones. */
export function readSettings(text: string | undefined, otherwise: { readonly operations: number }): Settings {
  const { seed, operations = otherwise.operations, minutes, engine } = schema.parse(JSON.parse(text ?? '{}'));
  return {
    seed,
    operations,
    ...(minutes === undefined ? {} : { minutes }),
    ...(engine === undefined ? {} : { engine }),
  };
}
