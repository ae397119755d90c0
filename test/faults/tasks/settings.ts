import { z } from 'zod';

const count = (least: number, otherwise: number) => z.coerce.number().int().min(least).default(otherwise);

const schema = z.strictObject({
  seed: count(0, 20_261_121),
  tasks: count(10, 60),
  workers: count(1, 3),
  faults: z.coerce.number().int().min(0).optional(),
  leaseMs: count(200, 1_500),
});

/** What a run consists of. */
export interface Settings {
  readonly seed: number;
  readonly tasks: number;
  readonly workers: number;
  /** How many faults there are; one for twelve tasks if not given. */
  readonly faults: number;
  /** How long a worker may be silent, in milliseconds. */
  readonly leaseMs: number;
}

/** The settings in a text of JSON, as `run.mjs` hands them on. Throws where they are not ones. */
export function readSettings(text: string | undefined): Settings {
  const settings = schema.parse(JSON.parse(text ?? '{}'));
  return { ...settings, faults: settings.faults ?? Math.ceil(settings.tasks / 12) };
}
