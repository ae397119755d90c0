import { listEntries, type State } from '../../../kernel/state/index.js';
import type { InHand } from './in-hand.js';
import { type NoteRecord, notesOf, processesPrefix, unclosedProcesses } from './keys.js';
import { isPastKnown, markRight, type Past } from './past.js';
import { KnownTasks, putAllRight } from './put-all-right.js';
import { putRightAfter } from './put-right-after.js';
import type { PutRightParts } from './put-right-parts.js';
import type { GoneProcess } from './what-was-left.js';

export interface KeepRightParts extends PutRightParts {
  readonly inHand: Pick<InHand, 'held'>;
  readonly past: Past;
}

/**
 * Puts right what processes left that are gone, and again whenever one has gone, until `signal`. One at a time does it. It reads all
 * tasks only where the past is not known.
 */
export async function keepRight(parts: KeepRightParts, signal: AbortSignal): Promise<void> {
  const { state, store, inHand, past } = parts;
  const processes = state.watch(processesPrefix, { signal });
  if (!(await isPastKnown(state, past))) {
    const known = new KnownTasks();
    await store.all((task) => known.take(task));
    await putAllRight(parts, known, signal);
    if (signal.aborted) return;
  }
  await markRight(state, past, (await inHand.held()).lease);
  await putRightAfterGone(parts, signal);
  for await (const { changes } of processes) {
    if (!changes.some(({ type }) => type === 'delete')) continue;
    await putRightAfterGone(parts, signal);
    // under another lease, where this one has lost its own
    await markRight(state, past, (await inHand.held()).lease);
  }
}

async function putRightAfterGone(parts: KeepRightParts, signal: AbortSignal): Promise<void> {
  for (const gone of await goneProcesses(parts.state)) {
    if (signal.aborted) return;
    await putRightAfter(parts, gone);
  }
}

/** Processes that are not there and have not ended in order. */
async function goneProcesses(state: State): Promise<readonly GoneProcess[]> {
  // first, so that one which comes in between is not taken for one that has gone
  const unclosed = await unclosedProcesses(state);
  const there = new Set<string>();
  for await (const { key } of listEntries(state, processesPrefix))
    there.add(key.slice(processesPrefix.length));
  const gone: GoneProcess[] = [];
  for (const { lease, resultsFrom } of unclosed) {
    if (there.has(lease)) continue;
    const noted = new Set<string>();
    for await (const { value } of listEntries(state, notesOf(lease)))
      noted.add((value as unknown as NoteRecord).task);
    gone.push({ lease, resultsFrom, noted });
  }
  return gone;
}
