import type { Archetype } from './archetype.js';

/** A data provider under an archetype, as its own agreement has it. */
export interface UnderArchetype {
  readonly provider: string;
  /** Who asks. */
  readonly user: string;
  /** The party that the person belongs to, where the agreement says so. */
  readonly home?: string | undefined;
  /** Who computes; absent where the archetype has nobody. */
  readonly computeProvider?: string | undefined;
}

/**
 * What an archetype says of who asks and who computes, held against one data provider: why it is not for it, as the rest of
 * a sentence that its name begins; empty where it is. Pure.
 */
export function archetypeObjections(archetype: Archetype, under: UnderArchetype): string[] {
  const { provider, user, home, computeProvider } = under;
  const belongs = home === undefined ? 'names no home of' : `names ${home} as the home of`;
  const objections: string[] = [];
  if (archetype.recipient === 'dataProvider' && home !== provider) {
    objections.push(`answers only its own people under it, and ${belongs} ${user}`);
  }
  const who = archetype.computeProvider?.who;
  if (computeProvider === undefined) return objections;
  if (who === 'requesterHome' && home !== computeProvider) {
    objections.push(`lets only the home of whoever asks compute under it, and ${belongs} ${user}`);
  }
  if (who === 'thirdParty' && provider === computeProvider) {
    objections.push('gives data itself, and so is no third party that may compute under it');
  }
  return objections;
}
