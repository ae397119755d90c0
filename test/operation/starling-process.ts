import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `starling` to its end. `token` is how it signs in. */
export async function starling(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(folder, words, environment);
  const reading = [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream)));
  const [[status], out = '', err = ''] = await Promise.all([once(child, 'close'), ...reading]);
  return { status, out, err };
}

/** A command that serves until it is told to stop. */
export interface Serving {
  /** What the pattern captured in a line of its standard output. */
  readonly found: string;
  readonly child: ChildProcess;
  /** Ends it by `SIGTERM`; gives its exit status. */
  stop(): Promise<number | null>;
}

/** Starts `starling` and waits for a line of its standard output; rejects with what it said where it ends before. */
export async function serve(
  folder: string,
  words: readonly string[],
  line: RegExp,
  environment: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const child = start(folder, words, environment);
  if (child.stdout === null || child.stderr === null) throw new Error('no streams');
  const errors = text(child.stderr);
  const lines = createInterface(child.stdout);
  const found = new Promise<string>((resolve, reject) => {
    lines.on('line', (one) => {
      const match = line.exec(one);
      if (match !== null) resolve(match[1] ?? '');
    });
    lines.on('close', () => errors.then((said) => reject(new Error(`it ended: ${said}`)), reject));
  });
  return {
    found: await found,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [status] = await once(child, 'exit');
      return status;
    },
  };
}

function start(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const { PATH } = process.env;
  return spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
