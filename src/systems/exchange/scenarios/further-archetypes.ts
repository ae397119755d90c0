import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Archetype, archetype, assertValid } from '../model/index.js';

const file = z.strictObject({ archetypes: z.record(z.string(), archetype) });

/** The text of `archetypes.yaml`: a section of a configuration with archetypes that do not come with Starling. */
export function furtherArchetypesText(): string {
  return readFileSync(new URL('archetypes.yaml', import.meta.url), 'utf8');
}

/** The archetypes in it, by name. */
export function furtherArchetypes(): Readonly<Record<string, Archetype>> {
  return assertValid(file, parse(furtherArchetypesText()), 'archetypes.yaml').archetypes;
}
