import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { type PublicKey, type SigningKey, verifySigned } from '../../../../kernel/identity/index.js';
import { linkLimits, linkProtocol } from '../wire/limits.js';
import { parsed } from '../wire/parsed.js';

/** What both proofs are bound to, so that neither can be shown again, to another, or for the other side. */
export interface Greeting {
  readonly party: string;
  /** Thumbprints of the keys that the two ends use now. */
  readonly agentKey: string;
  readonly gatewayKey: string;
  /** 32 random bytes of each end. */
  readonly agentNonce: string;
  readonly gatewayNonce: string;
  /** Stand for the two processes. */
  readonly agentBoot: string;
  readonly gatewayBoot: string;
}

const claims = z.strictObject({
  purpose: z.enum(['gateway', 'agent']),
  protocol: z.literal(linkProtocol),
  party: z.string(),
  agentKey: z.string(),
  gatewayKey: z.string(),
  agentNonce: z.string(),
  gatewayNonce: z.string(),
  agentBoot: z.string(),
  gatewayBoot: z.string(),
  /** Milliseconds since 1970 by the clock of whoever proves. */
  at: z.number(),
});
type Claims = z.infer<typeof claims>;

/** Which end proves itself. */
export type Side = Claims['purpose'];

/** Signs for one side. */
export function prove(side: Side, greeting: Greeting, key: SigningKey, at: number): Promise<string> {
  const content: Claims = { purpose: side, protocol: linkProtocol, ...greeting, at };
  return key.sign('starling-link+jwt', content);
}

/**
 * What the proof of `side` says, signed by one of `keys`, and by how many milliseconds the prover's clock is ahead. `expected`
 * is what must be in it. Throws `signature-invalid`, and `clock-skewed` where the clocks differ too much.
 */
export async function verifyProof(
  jws: string,
  side: Side,
  keys: readonly PublicKey[],
  expected: Partial<Greeting>,
  now: number,
): Promise<{ readonly greeting: Greeting; readonly clockDifferenceMs: number }> {
  const { purpose, protocol, at, ...greeting } = parsed(
    claims,
    await verifySigned(jws, 'starling-link+jwt', keys),
    'a proof',
  );
  const other = (Object.keys(expected) as (keyof Greeting)[]).find(
    (name) => greeting[name] !== expected[name],
  );
  if (purpose !== side || other !== undefined) {
    throw new StarlingError(
      'signature-invalid',
      `The ${side} proved itself for another stream than this one (${other ?? 'purpose'} differs). Somebody may be in between; connect again, and tell the operators if it stays.`,
    );
  }
  const clockDifferenceMs = at - now;
  if (Math.abs(clockDifferenceMs) > linkLimits.clockMs) {
    throw new StarlingError(
      'clock-skewed',
      `The clock of the ${side} says ${time(at)}, and the clock here says ${time(now)}; they may differ by ${linkLimits.clockMs / 1000} s. Set the clock that is wrong.`,
      { details: { differenceMs: clockDifferenceMs, theirs: time(at), here: time(now) } },
    );
  }
  return { greeting, clockDifferenceMs };
}

function time(wallTime: number): string {
  const date = new Date(wallTime);
  return Number.isNaN(date.getTime()) ? `${wallTime} ms since 1970` : date.toISOString();
}
