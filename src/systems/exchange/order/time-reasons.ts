import { clockToleranceMs } from '../../../kernel/identity/index.js';
import type { OrderClaims } from './order-claims.js';

/** How far two clocks may differ without a word, in seconds. */
export const clockTolerance = clockToleranceMs / 1_000;

/** How long an order may be in force, in seconds: the longest run there is, and patience before it. */
export const longestOrder = 2 * 3_600;

/** Why an order is not in force now, by the party's own clock, in whole sentences. `now` in milliseconds since 1970. */
export function timeReasons({ iat, nbf, exp }: OrderClaims, party: string, now: number): string[] {
  const clock = `the clock of ${party} says ${shown(now)}`;
  const differ = `One of the two clocks is wrong, or the order is not of now.`;
  const reasons: string[] = [];
  const begins = Math.max(iat, nbf);
  if (now < (begins - clockTolerance) * 1000)
    reasons.push(`Its time begins at ${shown(begins * 1000)}, and ${clock}. ${differ}`);
  if (now >= exp * 1000) reasons.push(`Its time was over at ${shown(exp * 1000)}, and ${clock}. ${differ}`);
  if (exp <= begins || exp - Math.min(iat, nbf) > longestOrder)
    reasons.push(`It is to be in force for ${exp - begins} seconds; at most ${longestOrder} are taken.`);
  return reasons;
}

function shown(time: number): string {
  return new Date(time).toISOString();
}
