import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerMachine } from '../servers/started-server.js';

const program = fileURLToPath(new URL('programs/etcd-quota.mjs', import.meta.url));

/** What servers of etcd store at most, which can be filled and freed as another who uses them, and an operator, would. */
export interface LabQuota {
  /** Fills it; resolves when no server takes anything any more. */
  fill(): Promise<void>;
  /** Makes room again, of what `fill` brought; resolves when the servers take everything. */
  free(): Promise<void>;
}

/** `machine` reaches all servers. */
export function quotaOf(urls: readonly string[], machine: ServerMachine): LabQuota {
  let oldest = 0;
  const run = async (...words: readonly string[]) => {
    const [command, ...rest] = machine.command(process.execPath, program, JSON.stringify(urls), ...words);
    const { stdout } = await promisify(execFile)(command, rest);
    return stdout;
  };
  return {
    async fill() {
      oldest = Number(await run('fill'));
    },
    async free() {
      await run('free', String(oldest));
    },
  };
}
