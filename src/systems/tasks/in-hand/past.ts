import type { State } from '../../../kernel/state/index.js';
import { processesPrefix, rightKey } from './keys.js';

/** What a process knows of the time before it. */
export interface Past {
  /** Whether everything was right when it came, or noted by a process that was there. */
  isKnown: boolean;
  /** The revision at which it came. */
  readonly since: number;
}

/**
 * The past of a process that has just registered: it is known where the process that last had everything right is there yet.
 * Where none is, the engines may have been restored in between, each from another moment.
 */
export async function openedInto(state: State): Promise<Past> {
  const { entries, revision } = await state.list(rightKey, { limit: 1 });
  const last = entries[0]?.value;
  const isKnown = last !== undefined && (await state.get(`${processesPrefix}${last}`)) !== undefined;
  return { isKnown, since: revision };
}

/** Whether everything is right but for what was noted: also where another process has put all right since this one came. */
export async function isPastKnown(state: State, past: Past): Promise<boolean> {
  return past.isKnown || ((await state.get(rightKey))?.modRevision ?? 0) > past.since;
}

/** Tells those who come later that a process which is there has everything right. */
export async function markRight(state: State, past: Past, lease: string): Promise<void> {
  if ((await state.get(rightKey))?.value !== lease) await state.put(rightKey, lease);
  past.isKnown = true;
}
