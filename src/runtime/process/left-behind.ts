import { readdir } from 'node:fs/promises';
import { isSystemError } from '../../kernel/errors/index.js';
import type { InstanceRecord } from '../service.js';
import { processFacts, readProc } from './process-start.js';

/** The variable that tells which instance a process belongs to; what an instance starts itself inherits it. */
export const instanceVariable = 'STARLING_INSTANCE';

/**
 * Kills what is left of instances that an earlier process of ours started, and gives the ids of the processes that were killed. On
 * Linux they end with the process that started them, but for what they started themselves: that is found by its
 * environment. A process is only killed where its start, or its environment, shows that it is the one that was meant: its id
 * may be somebody else's by now.
 */
export async function killLeftBehind(
  records: readonly Pick<InstanceRecord, 'id' | 'pid' | 'processStart'>[],
): Promise<number[]> {
  const killed = new Set<number>();
  const kill = (pid: number, target = pid) => {
    if (signal(target, 'SIGKILL')) killed.add(pid);
  };
  for (const { pid, processStart } of records) {
    if (pid === undefined || processStart === undefined) continue;
    const facts = await processFacts(pid);
    if (facts?.start === processStart) kill(pid, facts.group === pid ? -pid : pid);
  }
  if (records.length === 0 || process.platform !== 'linux') return [...killed];
  const marks = new Set(records.map(({ id }) => `${instanceVariable}=${id}`));
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const variables = (await readProc(`${name}/environ`))?.split('\0') ?? [];
    if (variables.some((variable) => marks.has(variable))) kill(Number(name));
  }
  return [...killed];
}

/** Sends a signal to a process, or to a group by its negative id; false where it is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (thrown) {
    if (isSystemError(thrown, 'ESRCH')) return false;
    // what is left of a group may belong to somebody else by its own choice, such as a program with set-user-id
    if (isSystemError(thrown, 'EPERM')) return false;
    throw thrown;
  }
}
