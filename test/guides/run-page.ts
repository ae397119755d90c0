import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../faults/network.js';
import { beginsAsShown, isAsShown } from './compare-output.js';
import { GuideMachine } from './guide-machine.js';
import type { PageCommand, PageStep } from './read-page.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs a guide on machines. */
export class PageRun {
  readonly #folder: string;
  readonly #machines: Readonly<Record<string, GuideMachine>>;

  private constructor(folder: string, machines: Readonly<Record<string, GuideMachine>>) {
    this.#folder = folder;
    this.#machines = machines;
  }

  /** Each machine has a folder of its name in `folder`. They find `starling`, and an `scp` and `ssh` that go between these folders. */
  static async open(folder: string, machines: Readonly<Record<string, Machine>>): Promise<PageRun> {
    const programs = join(folder, 'programs');
    await mkdir(programs);
    await symlink(program, join(programs, 'starling'));
    const words = `for word; do shift; set -- "$@" "$(printf %s "$word" | sed -E 's#^([a-z][a-z0-9]*):#${folder}/\\1/#')"; done`;
    const stands = { scp: `${words}\nexec cp "$@"`, ssh: `cd '${folder}'/"$1" && shift && exec "$@"` };
    for (const [name, script] of Object.entries(stands)) {
      await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(programs, name), 0o755);
    }
    const names = join(folder, 'hosts');
    const lines = Object.values(machines).map(({ name, address }) => `${address} ${name}\n`);
    const front = `${machines.m3?.address} starling.example.org\n`;
    await writeFile(names, ['127.0.0.1 localhost\n', ...lines, front].join(''));
    const made: Record<string, GuideMachine> = {};
    for (const [name, machine] of Object.entries(machines)) {
      await mkdir(join(folder, name));
      made[name] = new GuideMachine(machine, { folder: join(folder, name), programs, names });
    }
    return new PageRun(folder, made);
  }

  /** Takes a step on each of its machines. Throws where it fails, or says something else than the page. */
  async take(step: PageStep): Promise<void> {
    for (const name of step.machines) {
      if (step.kind === 'file') {
        const file = join(this.#folder, name, step.path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, step.content);
      } else await this.#command(this.#machine(name, step.line), step, `line ${step.line} on ${name}`);
    }
  }

  async close(): Promise<void> {
    for (const machine of Object.values(this.#machines)) await machine.powerOff();
  }

  async #command(machine: GuideMachine, step: PageCommand, where: string): Promise<void> {
    const { command, output, isBackground } = step;
    // never handed to a shell: where the machine were none, it would be this one that is switched off
    if (command === 'poweroff -f') return machine.powerOff();
    if (isBackground) {
      return machine.start(command, (lines) => output.length === 0 || beginsAsShown(output, lines));
    }
    const { status, lines } = await machine.run(command);
    // a command that is to fail shows why
    if (!isAsShown(output, lines) || (status !== 0 && !output.some((line) => line.startsWith('error ')))) {
      throw new Error(
        `${where}: ${command}\nended with ${status}, and the page shows\n${output.join('\n')}\nwhere it says\n${lines.join('\n')}`,
      );
    }
  }

  #machine(name: string, line: number): GuideMachine {
    const machine = this.#machines[name];
    if (machine === undefined) throw new Error(`Line ${line} names a machine that there is none of: ${name}`);
    return machine;
  }
}
