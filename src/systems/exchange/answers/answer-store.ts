import type { Readable } from 'node:stream';
import { StarlingError } from '../../../kernel/errors/index.js';

/** Keeps released rows: one Arrow IPC stream per result. */
export interface AnswerStore {
  /**
   * Writes the rows of one result (see `rowsName`) as they come; resolves to how many bytes they are, when they are on disk.
   * Throws `storage-full` or `storage-failed`; what was written of a failed answer is removed with the request.
   */
  write(request: string, name: string, rows: Readable): Promise<number>;
  /** The Arrow IPC stream of one result's rows. Throws `result-gone` where it is not kept. */
  open(request: string, name: string): Promise<Readable>;
  /** Removes what is kept of a request, if anything is. Throws `storage-failed`. */
  remove(request: string): Promise<void>;
}

/** The name that a result's rows are kept by: in one request a party computes once under an archetype. */
export function rowsName({
  computedAt,
  archetype,
}: {
  readonly computedAt: string;
  readonly archetype?: string;
}): string {
  return archetype === undefined ? computedAt : `${computedAt}.${archetype}`;
}

/** That rows are not kept any more. */
export function rowsGone(request: string): StarlingError {
  return new StarlingError('result-gone', `The rows of request ${request} are no longer kept. Ask again.`);
}
