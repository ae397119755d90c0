import { listEntries, type State } from '../../../kernel/state/index.js';

/** The processes that work on tasks, by their leases: a key that goes away tells that one has gone. */
export const processesPrefix = '/tasks/processes/';
/** Those that have not ended in order, by their leases: lasting, with what they have on its way. */
export const unclosedPrefix = '/tasks/unclosed/';
/** Tasks that a process has in hand, by its lease and a number. Lasting. */
export const notesPrefix = '/tasks/in-hand/';
/** The lease of the process that last had everything right. Lasting. */
export const rightKey = '/tasks/right';

/** What is kept of a process beside its notes. Plain JSON. */
export interface Unclosed {
  /** The number from which on its results may be on their way: those before are recorded or gone. */
  readonly resultsFrom: number;
}

/** A task that a process has in hand. Plain JSON. */
export interface NoteRecord {
  readonly task: string;
}

/** Where the notes of a process are. */
export function notesOf(lease: string): string {
  return `${notesPrefix}${lease}/`;
}

/** Operations of one transaction that removes notes. */
const notesAtOnce = 100;

/** Removes the notes of a process, and then that it has not ended in order. */
export async function forgetProcess(state: State, lease: string): Promise<void> {
  const notes: string[] = [];
  for await (const { key } of listEntries(state, notesOf(lease))) notes.push(key);
  for (let at = 0; at < notes.length; at += notesAtOnce) {
    const success = notes.slice(at, at + notesAtOnce).map((key) => ({ delete: key }));
    await state.transaction({ compare: [], success });
  }
  await state.delete(unclosedPrefix + lease);
}

/** The processes that have not ended in order, and those that have not ended. */
export async function unclosedProcesses(
  state: State,
): Promise<readonly (Unclosed & { readonly lease: string })[]> {
  const found: (Unclosed & { readonly lease: string })[] = [];
  for await (const { key, value } of listEntries(state, unclosedPrefix))
    found.push({ lease: key.slice(unclosedPrefix.length), ...(value as unknown as Unclosed) });
  return found;
}
