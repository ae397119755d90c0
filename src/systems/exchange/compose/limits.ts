import type { Limits } from '../model/index.js';

const fields = ['timeSeconds', 'memoryMegabytes', 'rows', 'resultMegabytes', 'jobHours'] as const;

/** The smallest of each limit; a limit that none sets stays unset. */
export function strictestLimits(all: readonly Readonly<Limits>[]): Limits {
  const strictest: Limits = {};
  for (const field of fields) {
    const values = all.map((limits) => limits[field]).filter((value) => value !== undefined);
    if (values.length > 0) strictest[field] = Math.min(...values);
  }
  return strictest;
}
