import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filesWithBytes } from './files-with-bytes.js';

const run = promisify(execFile);

/** Why links cannot be delayed here; `undefined` where they can. The kernel may have no `netem`, so VDE does it. */
export async function missingForDelay(): Promise<string | undefined> {
  try {
    for (const program of ['vde_switch', 'wirefilter']) await run('sh', ['-c', `command -v ${program}`]);
    return undefined;
  } catch {
    return 'there is no vde_switch and wirefilter (package vde2)';
  }
}

/**
 * The link between a machine's port and the switch of all, which can be led through two switches of VDE with a wire between
 * them that holds packets back.
 */
export class DelayedLink {
  readonly #hub: string;
  readonly #port: string;
  readonly #index: number;
  #stop: (() => Promise<void>) | undefined;

  /** `hub` is the namespace of the switch `br0`, `port` the machine's port on it. */
  constructor({ hub, port, index }: { readonly hub: string; readonly port: string; readonly index: number }) {
    this.#hub = hub;
    this.#port = port;
    this.#index = index;
  }

  /** Holds every packet for so many milliseconds, in both directions; 0: the link is as it was. */
  async delay(milliseconds: number): Promise<void> {
    await this.remove();
    if (milliseconds > 0) await this.#lead(milliseconds);
    await this.#ip('link', 'set', this.#port, 'master', milliseconds > 0 ? `slow${this.#index}` : 'br0');
  }

  /** Ends the programs; the port is on no switch then, if it was delayed. */
  async remove(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  async #lead(milliseconds: number): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-link-'));
    const [bridge, near, far] = [`slow${this.#index}`, `near${this.#index}`, `far${this.#index}`];
    const ended: (() => Promise<void>)[] = [];
    this.#stop = async () => {
      for (const end of ended.reverse()) await end();
      await rm(folder, { recursive: true, force: true });
    };
    for (const tap of [near, far])
      ended.push(await start(folder, this.#inHub('vde_switch', '-s', join(folder, tap), '-tap', tap)));
    await this.#ip('link', 'add', bridge, 'type', 'bridge');
    ended.push(async () => void (await this.#ip('link', 'del', bridge)));
    await this.#ip('link', 'set', bridge, 'up');
    await this.#ip('link', 'set', near, 'master', bridge, 'up');
    await this.#ip('link', 'set', far, 'master', 'br0', 'up');
    const wire = [
      'wirefilter',
      '-v',
      `${join(folder, near)}:${join(folder, far)}`,
      '-d',
      String(milliseconds),
    ];
    ended.push(await start(folder, wire));
  }

  #inHub(...words: string[]): string[] {
    return ['nsenter', `--net=/run/netns/${this.#hub}`, ...words];
  }

  #ip(...words: string[]) {
    return run('ip', ['-n', this.#hub, ...words]);
  }
}

/** Starts a program of VDE, which goes on beside us when its command has ended; resolves with what kills it. */
async function start(folder: string, [command = '', ...words]: string[]): Promise<() => Promise<void>> {
  const noted = await mkdtemp(join(folder, 'pid-'));
  const written = filesWithBytes(noted, 1);
  const child = spawn(command, [...words, '--daemon', '--pidfile', join(noted, 'pid')], { stdio: 'ignore' });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}.`);
  await written;
  const pid = Number(await readFile(join(noted, 'pid'), 'utf8'));
  return async () => void process.kill(pid, 'SIGKILL');
}
