import type { Task } from './task/index.js';

/** Who holds the blob of an original. */
export function originalOwner(id: string): string {
  return `tasks/${id}/original`;
}

/**
 * Who holds the blob of a result: each that comes its own, so that the one which is refused lets go of its own only. It names the
 * process that the result came to, by its lease, and which of its results it is.
 */
export function resultOwner(id: string, process: string, number: number): string {
  return `tasks/${id}/result/${process}/${number}`;
}

/** The task of an owner. */
export function taskOf(owner: string): string {
  return owner.split('/')[1] ?? '';
}

/** Who holds a piece of an upload that comes in pieces: named by the process that it came to, and each its own. */
export function pieceOwner(upload: string, process: string, piece: string): string {
  return `uploads/${upload}/${process}/${piece}`;
}

/** Whether it holds such a piece. */
export function isPiece(owner: string): boolean {
  return owner.startsWith('uploads/');
}

/** The upload of such a piece. */
export function uploadOf(owner: string): string {
  return owner.split('/')[1] ?? '';
}

/**
 * Whether an owner may hold a blob yet, by its task: what the task has, an original that is being uploaded, and a result
 * that a worker may be handing in.
 */
export function mayHold(
  owner: string,
  hash: string,
  task: Pick<Task, 'state' | 'original' | 'result'> | undefined,
): boolean {
  // other systems keep blobs in the same place
  if (!owner.startsWith('tasks/')) return true;
  if (task === undefined) return false;
  if (owner.endsWith('/original')) return task.state === 'uploading' || task.original?.hash === hash;
  return task.state === 'leased' || task.result?.hash === hash;
}
