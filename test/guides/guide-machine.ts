import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Machine } from '../faults/network.js';

/** How long a program that goes on may take to say what the page shows, on a machine that is busy. */
const patienceMs = Number(process.env.PATIENCE ?? 120_000);

/** How a command ended, with standard output and standard error as one, as a terminal has them. */
export interface Ended {
  readonly status: number | null;
  readonly lines: readonly string[];
}

/**
 * A machine of a guide: a network address, processes that see no others, and a folder where its commands begin. What a
 * command exports is there for the next. Everything on it ends with this process, however that ends.
 */
export class GuideMachine {
  readonly #machine: Machine;
  readonly #folder: string;
  readonly #programs: string;
  readonly #names: string;
  #isCut = false;
  #first: { readonly process: ChildProcess; readonly pid: number } | undefined;

  /** `programs` is a folder that is searched before the machine's own, `names` the file of names and addresses. */
  constructor(machine: Machine, options: { folder: string; programs: string; names: string }) {
    this.#machine = machine;
    this.#folder = options.folder;
    this.#programs = options.programs;
    this.#names = options.names;
  }

  async powerOn(): Promise<void> {
    if (this.#first !== undefined) return;
    if (this.#isCut) await this.#machine.heal();
    this.#isCut = false;
    const { name } = this.#machine;
    // its end of the pipe closes with this process; with the first process end all others
    const script = `hostname ${name} && mount --bind '${this.#names}' /etc/hosts && echo up && exec cat > /dev/null`;
    const words = ['--pid', '--fork', '--uts', '--mount', '--mount-proc', '--kill-child', 'sh', '-c', script];
    const [command, ...args] = this.#machine.command('unshare', ...words);
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const complaint = text(child.stderr);
    const [up] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(up)) throw new Error(`The machine ${name} does not start: ${await complaint}`);
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    this.#first = { process: child, pid: Number(children.trim()) };
  }

  /** As a power cut: nobody is told that a connection ended. */
  async powerOff(): Promise<void> {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) return;
    await this.#machine.cut();
    this.#isCut = true;
    const gone = once(first.process, 'exit');
    process.kill(first.pid, 'SIGKILL');
    await gone;
  }

  /** Runs a command to its end. */
  async run(command: string): Promise<Ended> {
    const child = await this.#start(`trap 'export -p > .exports' EXIT\n{ ${command}\n} < /dev/null 2>&1`);
    if (child.stdout === null) throw new Error('no stream');
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return { status, lines: output.split('\n') };
  }

  /** Starts a command that goes on. Resolves once `isUp` says so of the lines that it wrote; rejects where it ends before. */
  async start(command: string, isUp: (lines: readonly string[]) => boolean): Promise<void> {
    const child = await this.#start(`{ ${command}\n} < /dev/null 2>&1`);
    const { stdout } = child;
    if (stdout === null) throw new Error('no stream');
    const lines: string[] = [];
    if (isUp(lines)) return;
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${what}:\n${lines.join('\n')}`));
      const late = setTimeout(fail, patienceMs, 'It says something else than the page');
      const input = createInterface({ input: stdout });
      input.on('line', (line) => {
        if (lines.length > 1_000) return;
        lines.push(line);
        if (!isUp(lines)) return;
        clearTimeout(late);
        resolve();
      });
      input.on('close', () => {
        clearTimeout(late);
        fail('It ended');
      });
    });
  }

  async #start(script: string): Promise<ChildProcess> {
    await this.powerOn();
    const target = ['--target', String(this.#first?.pid), '--net', '--pid', '--mount', '--uts'];
    const child = spawn('nsenter', [...target, 'bash', '--noprofile', '-s'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: `${this.#programs}:${process.env.PATH}`, HOME: this.#folder, LANG: 'C.UTF-8' },
    });
    // by its standard input, so that the command line of the shell has nothing that `pkill -f` would take for the program
    child.stdin.end(`cd '${this.#folder}'\n[ ! -f .exports ] || . ./.exports\n${script}\n`);
    return child;
  }
}
