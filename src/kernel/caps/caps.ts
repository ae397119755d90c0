import { execFile } from 'node:child_process';

/** What the operating system holds a process to; what is left out is not held to anything. */
export interface Caps {
  /** Private memory that the process may write to (`RLIMIT_DATA`): DuckDB reserves more address space than it uses. */
  readonly dataMegabytes: number;
  /** Processor time over all threads. */
  readonly cpuSeconds?: number;
  /** How large a file it may write; 0 for none at all. */
  readonly fileMegabytes?: number;
  /** Processes and threads; counted only inside a user namespace of its own. */
  readonly processes?: number;
  /** Cuts it off from the network, in a user namespace of its own. */
  readonly noNetwork?: true;
}

/** Which caps this machine can put on a process. */
export interface CapSupport {
  /** `prlimit`: memory, processor time, files written, no core dump. */
  readonly limits: boolean;
  /** `setpriv`: the process ends when its parent does, and gains no privileges. */
  readonly endsWithParent: boolean;
  /** `unshare`: no network. */
  readonly noNetwork: boolean;
}

/** No cap at all, as on systems other than Linux; a watchdog stands in for the limit on memory. */
export const noCaps: CapSupport = { limits: false, endsWithParent: false, noNetwork: false };

/** The command that starts `program` under the caps that the machine supports. */
export function cappedCommand(
  support: CapSupport,
  caps: Caps,
  program: readonly string[],
): { command: string; args: string[] } {
  const ownNamespace = support.noNetwork && caps.noNetwork === true;
  const words = [
    ...(ownNamespace ? ['unshare', '--map-root-user', '--net', '--'] : []),
    ...(support.limits ? limits(caps, ownNamespace) : []),
    ...(support.endsWithParent ? ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--'] : []),
    ...program,
  ];
  const [command = '', ...args] = words;
  return { command, args };
}

function limits(caps: Caps, ownNamespace: boolean): string[] {
  const { dataMegabytes, cpuSeconds, fileMegabytes, processes } = caps;
  return [
    'prlimit',
    `--data=${dataMegabytes * 1_000_000}`,
    ...(cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}`]),
    ...(fileMegabytes === undefined ? [] : [`--fsize=${fileMegabytes * 1_000_000}`]),
    '--core=0',
    // outside a namespace the count is of everything that the user runs, and would strike at random
    ...(ownNamespace && processes !== undefined ? [`--nproc=${processes}`] : []),
    '--',
  ];
}

/** What this machine can do does not change while a process lives. */
let tried: Promise<CapSupport> | undefined;

/**
 * Tries out, once in a process, which caps this machine has: each by starting a trivial program under it. `doctor` shows the
 * result.
 */
export async function probeCaps(platform: NodeJS.Platform = process.platform): Promise<CapSupport> {
  if (platform !== 'linux') return noCaps;
  tried ??= tryCaps();
  return tried;
}

async function tryCaps(): Promise<CapSupport> {
  const caps: Caps = {
    dataMegabytes: 1_000,
    cpuSeconds: 60,
    processes: 64,
    fileMegabytes: 0,
    noNetwork: true,
  };
  const works = (support: CapSupport) => {
    const { command, args } = cappedCommand(support, caps, ['true']);
    return new Promise<boolean>((resolve) => {
      execFile(command, args, { timeout: 5_000 }, (error) => resolve(error === null));
    });
  };
  const all = { limits: true, endsWithParent: true, noNetwork: true };
  if (await works(all)) return all;
  const [limitsWork, endsWithParent, noNetwork] = await Promise.all([
    works({ ...noCaps, limits: true }),
    works({ ...noCaps, endsWithParent: true }),
    works({ ...noCaps, noNetwork: true }),
  ]);
  return { limits: limitsWork, endsWithParent, noNetwork };
}

/** What is weaker on this machine than where every cap holds, in sentences; empty where nothing is. */
export function missingCaps(support: CapSupport): string[] {
  return [
    ...(support.limits
      ? []
      : [
          'Memory and processor time of runs are watched, not limited by the operating system (prlimit is missing).',
        ]),
    ...(support.endsWithParent
      ? []
      : ['A run may outlive a killed daemon until it notices the closed channel (setpriv is missing).']),
    ...(support.noNetwork
      ? []
      : ['Runs are not cut off from the network by the operating system (unshare is not permitted).']),
  ];
}
