import type { Blobs } from '../../../kernel/blobs/index.js';

/** What may be asked of a blob that somebody holds. */
interface Unneeded {
  /** Whether it may be that the owner does not need it; asked of all blobs, so it must not wait for anything. */
  isSuspect(owner: string, hash: string): boolean;
  /** Whether the owner needs it after all; asked of suspects, when all blobs were looked at. */
  isNeeded(owner: string, hash: string): Promise<boolean>;
}

/** Lets go of blobs that nobody needs, and removes those that nobody holds; how many of both. */
export async function releaseUnneeded(
  blobs: Pick<Blobs, 'sweep' | 'release'>,
  { isSuspect, isNeeded }: Unneeded,
): Promise<number> {
  const suspects: { readonly owner: string; readonly hash: string }[] = [];
  let { removed } = await blobs.sweep((owner, hash) => {
    if (isSuspect(owner, hash)) suspects.push({ owner, hash });
    return true;
  });
  for (const { owner, hash } of suspects) {
    if (await isNeeded(owner, hash)) continue;
    await blobs.release(hash, owner);
    removed += 1;
  }
  return removed;
}
