import type { OutputRule } from '../approve/index.js';

/** One thing that speaks for or against an archetype; of one provider, or of all. */
export interface Consideration {
  readonly provider?: string;
  readonly message: string;
}

/** What was thought of one archetype. */
export interface ConsideredArchetype {
  readonly archetype: string;
  readonly chosen: boolean;
  readonly why: readonly Consideration[];
}

/** Where a request runs. Plain JSON data. */
export interface Placement {
  readonly archetype: string;
  /** Present where the archetype has one: then there is one merged answer, else one answer per provider. */
  readonly computeProvider?: string;
  /** The providers that take part, sorted. */
  readonly providers: readonly string[];
  /** The providers that approve, but are offline, sorted. */
  readonly absent: readonly string[];
  /** By provider, what may leave; all equal where there is one merged answer. */
  readonly outputs: Readonly<Record<string, OutputRule>>;
  /** Every archetype, by name. */
  readonly considered: readonly ConsideredArchetype[];
}
