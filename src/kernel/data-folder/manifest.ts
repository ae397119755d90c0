import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';

/** The file in a backup that says what the backup has. */
export const manifestFile = 'manifest.json';

/** The folder in a backup that has the files themselves. */
export const contentFolder = 'files';

// a path that leads out of the folder, or is none, is not taken from a file that anybody may have written
const pathSchema = z
  .string()
  .regex(/^[^\\\0]+$/)
  .refine((path) => path.split('/').every((name) => name !== '' && name !== '.' && name !== '..'));

/** The form of a manifest. */
export const manifestSchema = z.object({
  format: z.literal('starling-backup-1'),
  /** ISO 8601, UTC. */
  madeAt: z.iso.datetime(),
  /** The version of Starling that made it. */
  version: z.string(),
  /** The data folders in it, by their path below the one that was backed up; `.` for that itself. */
  folders: z.array(
    z.object({ path: z.string(), kind: z.enum(['gateway', 'agent']), party: z.string().optional() }),
  ),
  files: z.array(
    z.object({
      path: pathSchema,
      bytes: z.int().nonnegative(),
      /** In hexadecimal digits. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** The permissions, in octal digits. */
      mode: z.string().regex(/^[0-7]{3}$/),
    }),
  ),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Every file below a folder, with `/` between names, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
