import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DelayedLink } from './delayed-link.js';

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

/** One machine of a test: a network namespace with one address. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** The command that runs `command` on this machine. */
  command(command: string, ...args: string[]): readonly [string, ...string[]];
  /** Takes its link off the switch: what it sends and what is sent to it is lost, and nobody is told. */
  cut(): Promise<void>;
  heal(): Promise<void>;
  /** Drops what comes from some addresses: the machine is cut off from these, and from no others. */
  cutFrom(addresses: readonly string[]): Promise<void>;
  /** Drops a share of what comes, from 0 to 1, at random. */
  lose(share: number): Promise<void>;
  /** Takes what `cutFrom` and `lose` did away again. */
  dropNothing(): Promise<void>;
  /** What it sends and what is sent to it takes so many milliseconds from now on, each; 0: as before. */
  delay(milliseconds: number): Promise<void>;
  /** What it sends takes some twenty seconds for each 100 KB from now on. */
  slow(): Promise<void>;
  /** It sends as fast as it can again. */
  fast(): Promise<void>;
}

/** Machines on one switch, in namespaces of their own: nothing of the host is reached or changed. */
export interface Network {
  readonly machines: Readonly<Record<string, Machine>>;
  remove(): Promise<void>;
}

/** Why there can be no such network here; `undefined` where there can. */
export async function missingForNetwork(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const name = `starling-${process.pid}-probe`;
  try {
    await ip('netns', 'add', name);
    await ip('-n', name, 'link', 'add', 'probe', 'type', 'bridge');
    await run('tc', ['-V']);
    return undefined;
  } catch (error) {
    return `network namespaces cannot be made: ${error instanceof Error ? error.message.trim() : String(error)}`;
  } finally {
    await ip('netns', 'del', name).catch((error: unknown) => ignoreAbsent(error));
  }
}

/** Why packets cannot be dropped here, one by one; `undefined` where they can. */
export async function missingForDrops(): Promise<string | undefined> {
  try {
    await run('iptables', ['--version']);
    return undefined;
  } catch (error) {
    return `there is no iptables: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
}

/** Makes a switch with one machine for each name. The caller removes it; half a network is removed at once. */
export async function openNetwork(names: readonly string[]): Promise<Network> {
  const prefix = `starling-${process.env.STARLING_FAULTS_RUN ?? process.pid}`;
  const hub = `${prefix}-hub`;
  const made: string[] = [];
  const delayed: DelayedLink[] = [];
  const remove = async () => {
    for (const link of delayed.splice(0)) await link.remove();
    for (const namespace of made.splice(0).reverse()) await ip('netns', 'del', namespace);
  };
  const add = async (namespace: string) => {
    await ip('netns', 'add', namespace);
    made.push(namespace);
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  };
  try {
    await add(hub);
    await ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
    await ip('-n', hub, 'link', 'set', 'br0', 'up');
    const machines: Record<string, Machine> = {};
    for (const [index, name] of names.entries()) {
      const namespace = `${prefix}-${name}`;
      const address = `10.55.0.${index + 1}`;
      const port = `port${index}`;
      await add(namespace);
      await ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      await ip('-n', hub, 'link', 'set', port, 'master', 'br0');
      await ip('-n', hub, 'link', 'set', port, 'up');
      await ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
      await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
      const link = new DelayedLink({ hub, port, index });
      delayed.push(link);
      const drop = (...words: string[]) =>
        inNamespace(namespace, 'iptables', '-A', 'INPUT', ...words, '-j', 'DROP');
      machines[name] = {
        name,
        address,
        command: (command, ...args) => ['nsenter', `--net=/run/netns/${namespace}`, command, ...args],
        // the far end of the link: the machine itself sees its link as it was, as behind a switch that fails
        cut: async () => {
          await ip('-n', hub, 'link', 'set', port, 'nomaster');
        },
        heal: async () => {
          await ip('-n', hub, 'link', 'set', port, 'master', 'br0');
        },
        cutFrom: async (addresses) => {
          for (const from of addresses) await drop('--source', from);
        },
        lose: async (share) => {
          await drop('-m', 'statistic', '--mode', 'random', '--probability', String(share));
        },
        dropNothing: async () => {
          await inNamespace(namespace, 'iptables', '-F', 'INPUT');
        },
        delay: (milliseconds) => link.delay(milliseconds),
        slow: async () => {
          await shape(namespace, 'add', 'tbf', 'rate', '40kbit', 'burst', '16kb', 'limit', '64kb');
        },
        fast: async () => {
          await shape(namespace, 'del');
        },
      };
    }
    return { machines, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Sets or removes what the link of a machine lets through. */
function shape(namespace: string, verb: 'add' | 'del', ...words: string[]) {
  return inNamespace(namespace, 'tc', 'qdisc', verb, 'dev', 'eth0', 'root', ...words);
}

function inNamespace(namespace: string, ...words: string[]) {
  return run('nsenter', [`--net=/run/netns/${namespace}`, ...words]);
}

/** The probe's namespace may not have come to be, which is what is told then. */
function ignoreAbsent(error: unknown): void {
  if (error instanceof Error && /No such file/.test(error.message)) return;
  throw error;
}
