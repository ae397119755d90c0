import type { World } from './world.js';

/** Acts on the world and returns the lines of its log; `body` is the YAML below the command, parsed. */
export type Command = (world: World, words: readonly string[], body: unknown) => string[];

/** The argument at `index`, counted from 0. */
export function argument(words: readonly string[], index: number): string {
  const found = words[index];
  if (found === undefined) throw new Error(`Argument ${index + 1} is missing.`);
  return found;
}

/** The body as an object; an empty one where there is none. */
export function fields(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
