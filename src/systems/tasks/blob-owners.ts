import type { Task } from './task/index.js';

/** Who holds the blob of an original. */
export function originalOwner(id: string): string {
  return `tasks/${id}/original`;
}

/** Who holds the blob of a result: each that comes its own, so that the one which is refused lets go of its own only. */
export function resultOwner(id: string, coming: string): string {
  return `tasks/${id}/result/${coming}`;
}

/** Whether an owner still holds a blob, by its task; a result counts where it is the task's. */
export function isLiveOwner(owner: string, hash: string, find: (id: string) => Task | undefined): boolean {
  const [, id = '', which] = owner.split('/');
  const task = find(id);
  return which === 'original' ? task?.original?.hash === hash : task?.result?.hash === hash;
}
