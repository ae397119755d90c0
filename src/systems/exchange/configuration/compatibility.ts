import { z } from 'zod';
import { type Issue, validate } from '../model/index.js';

const compatibility = z.strictObject({
  dynamos: z
    .boolean()
    .exactOptional()
    .describe('Whether archetypes are read in the form that clients of DYNAMOS know. Default: false.'),
});

/** Whose clients are served in the forms that they know, where a path has two. */
export type Compatibility = z.infer<typeof compatibility>;

/** Reads the section `compatibility` of a configuration; every fault in it is added to `issues`. */
export function readCompatibility(section: unknown, issues: Issue[]): Compatibility | undefined {
  if (section === undefined) return undefined;
  const result = validate(compatibility, section);
  if (result.ok) return result.value;
  issues.push(...result.issues.map((issue) => ({ ...issue, path: ['compatibility', ...issue.path] })));
  return undefined;
}
