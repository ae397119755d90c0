import { isPiece, taskOf, uploadOf } from '../blob-owners.js';
import { publishTask } from '../message.js';
import { forgetProcess } from './keys.js';
import { type PutRightParts, tellPutRight } from './put-right-parts.js';
import { releaseUnneeded } from './release-unneeded.js';
import { type GoneProcess, mayBeLeft, needs } from './what-was-left.js';

/**
 * Puts right what a process left that is gone without having ended in order, and forgets the process. Only what it had in
 * hand is looked at. Where this is broken off, it is done again from the beginning, and comes to the same.
 */
export async function putRightAfter(parts: PutRightParts, gone: GoneProcess): Promise<void> {
  const published = await publishMissing(parts, gone);
  tellPutRight(parts, { published, blobsRemoved: await releaseLeft(parts, gone) });
  await forgetProcess(parts.state, gone.lease);
}

async function publishMissing({ store, queue }: PutRightParts, { noted }: GoneProcess): Promise<number> {
  let published = 0;
  for (const id of noted) {
    const task = await store.find(id);
    if (task?.state === 'queued' && !(await publishTask(queue, task)).duplicate) published += 1;
  }
  return published;
}

/** Lets go of blobs that nobody needs; how many owners did. */
function releaseLeft({ store, blobs, resumable }: PutRightParts, gone: GoneProcess): Promise<number> {
  return releaseUnneeded(blobs, {
    isSuspect: (owner) => mayBeLeft(owner, gone),
    isNeeded: async (owner, hash) =>
      isPiece(owner)
        ? resumable.needs(uploadOf(owner), owner)
        : needs(await store.find(taskOf(owner)), owner, hash),
  });
}
