import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isSystemError } from '../../kernel/errors/index.js';

/** What is known of a running process. */
export interface ProcessFacts {
  /** Tells it from an earlier or later process with the same id: when it was started, and of which boot. */
  readonly start: string;
  /** The group of processes that it belongs to. */
  readonly group: number;
}

/** The facts of a process; `undefined` where there is none with that id. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  return process.platform === 'linux' ? linuxFacts(pid) : psFacts(pid);
}

/** Fields 5 (group) and 22 (start, in ticks since the boot) of `/proc/PID/stat`; see proc_pid_stat(5). */
async function linuxFacts(pid: number): Promise<ProcessFacts | undefined> {
  const [stat, boot] = await Promise.all([readProc(`${pid}/stat`), readProc('sys/kernel/random/boot_id')]);
  if (stat === undefined) return undefined;
  // the name, in parentheses, may hold spaces and parentheses itself
  const [, , group = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: `${rest[16]} ${boot?.trim()}`, group: Number(group) };
}

/** A file below `/proc`; `undefined` where its process is gone, or is somebody else's. */
export async function readProc(path: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${path}`, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((code) => isSystemError(thrown, code))) return undefined;
    throw thrown;
  }
}

async function psFacts(pid: number): Promise<ProcessFacts | undefined> {
  const answer = await promisify(execFile)('ps', ['-o', 'pgid=,lstart=', '-p', String(pid)]).catch(
    // it answers with status 1 where there is no such process
    (thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 1) return undefined;
      throw thrown;
    },
  );
  const [, group, start] = /^\s*(\d+)\s+(.*\S)/.exec(answer?.stdout ?? '') ?? [];
  return group === undefined || start === undefined ? undefined : { start, group: Number(group) };
}
