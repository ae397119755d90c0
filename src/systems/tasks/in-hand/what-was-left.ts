import { isPiece, originalOwner, pieceOwner, resultOwner } from '../blob-owners.js';
import type { Task } from '../task/index.js';

/** What is known of a process that is gone without having ended in order. */
export interface GoneProcess {
  readonly lease: string;
  /** Tasks that it had in hand. */
  readonly noted: ReadonlySet<string>;
  /** The number from which on its results may be on their way. */
  readonly resultsFrom: number;
}

/** Whether a process may have left that blob with nobody who needs it, judged by its owner alone. Pure. */
export function mayBeLeft(owner: string, { lease, noted, resultsFrom }: GoneProcess): boolean {
  const [, of = '', , , number = ''] = owner.split('/');
  if (isPiece(owner)) return owner.startsWith(pieceOwner(of, lease, ''));
  if (owner === originalOwner(of)) return noted.has(of);
  return owner === resultOwner(of, lease, Number(number)) && Number(number) >= resultsFrom;
}

/** Whether a task needs the file that one of its owners holds, where nobody is handing it in any more. Pure. */
export function needs(
  task: Pick<Task, 'original' | 'result'> | undefined,
  owner: string,
  hash: string,
): boolean {
  if (task === undefined) return false;
  return (owner === originalOwner(owner.split('/')[1] ?? '') ? task.original : task.result)?.hash === hash;
}
