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

/** Providers that answer under one archetype. No two parts have the same archetype and compute provider. */
export interface Part {
  readonly archetype: string;
  /** Present where the archetype has one: then there is one merged answer, else one answer per provider. */
  readonly computeProvider?: string;
  /** Sorted, at least one. */
  readonly providers: readonly string[];
}

/** Where a request runs. Plain JSON data. */
export interface Placement {
  /** More than one only where the request allows mixed archetypes; every provider is in exactly one. By weight, then by name. */
  readonly parts: readonly Part[];
  /** The providers that approve, but are offline, sorted. */
  readonly absent: readonly string[];
  /** By provider, what may leave; all equal within a merged answer. */
  readonly outputs: Readonly<Record<string, OutputRule>>;
  /** Every archetype, by name. */
  readonly considered: readonly ConsideredArchetype[];
}
