import type { Composition } from '../compose/index.js';

/** Hours that a job lives where no agreement says so. */
export const defaultJobHours = 24;

const hourMs = 3_600_000;

/** Milliseconds that a job of this composition lives: the smallest `jobHours` of its chains, else 24 hours. */
export function jobLifeMs(composition: Composition): number {
  const hours = composition.chains
    .map(({ limits }) => limits.jobHours)
    .filter((value) => value !== undefined);
  return Math.round((hours.length > 0 ? Math.min(...hours) : defaultJobHours) * hourMs);
}
