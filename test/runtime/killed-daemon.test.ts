import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeCaps } from '../../src/kernel/caps/index.js';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { openLocalState } from '../../src/kernel/state/index.js';
import type { InstanceRecord } from '../../src/runtime/index.js';

const { endsWithParent } = await probeCaps();
if (!endsWithParent)
  console.log('skipped: processes of this machine do not end with their parent (no setpriv)');

/** Who is connected: `instance PID ID`, or `started PID ID` for what an instance started. */
const present = new Map<Socket, string>();
const changed = new EventEmitter();
let folder: string;
let server: Server;
let url: string;
let daemon: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-killed-'));
  server = createServer((socket) => {
    createInterface({ input: socket }).once('line', (line) => {
      present.set(socket, line);
      changed.emit('change');
    });
    socket.once('close', () => {
      present.delete(socket);
      changed.emit('change');
    });
    // it is killed: that its connection breaks is what is looked for
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(() => {
  daemon?.kill('SIGKILL');
  for (const socket of present.keys()) socket.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until those who are connected are as they are to be. */
async function until(holds: (lines: string[]) => boolean): Promise<string[]> {
  while (!holds([...present.values()])) await once(changed, 'change');
  return [...present.values()].sort();
}

const all = (lines: string[]) =>
  ['instance', 'started'].every((what) => lines.filter((line) => line.startsWith(what)).length === 2);
const pidsOf = (lines: string[]) => lines.map((line) => Number(line.split(' ')[1]));

function startDaemon(): ChildProcess {
  const program = fileURLToPath(new URL('daemon-program.mjs', import.meta.url));
  return spawn(process.execPath, [program, folder, url], { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function murder(process: ChildProcess): Promise<void> {
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}

it.skipIf(!endsWithParent)(
  'no instance outlives a daemon that was killed, the next one ends what instances left, and records lapse',
  async () => {
    const first = startDaemon();
    daemon = first;
    const before = await until(all);
    await murder(first);
    const left = await until((lines) => lines.every((line) => line.startsWith('started')));
    expect(left).toEqual(before.filter((line) => line.startsWith('started')));

    const second = startDaemon();
    daemon = second;
    const after = await until((lines) => all(lines) && !lines.some((line) => before.includes(line)));
    for (const pid of pidsOf(before))
      expect(existsSync(`/proc/${pid}`) && pidsOf(after).includes(pid)).toBe(false);
    await murder(second);
    await until((lines) => lines.every((line) => line.startsWith('started')));

    const clock = new ManualClock();
    const state = await openLocalState({ folder: join(folder, 'state'), clock });
    const { entries, revision } = await state.list('instances/');
    const records = entries.map(({ value }) => value as unknown as InstanceRecord);
    const ids = after.flatMap((line) => (line.startsWith('instance') ? [line.split(' ')[2]] : []));
    expect(records.map(({ id }) => id).sort()).toEqual(ids.sort());
    const watch = state.watch('instances/', { fromRevision: revision + 1 })[Symbol.asyncIterator]();
    clock.advance(15_000);
    expect((await watch.next()).value?.changes.map(({ type }: { type: string }) => type)).toEqual([
      'delete',
      'delete',
    ]);
    await watch.return?.();
    expect((await state.list('services/')).entries.map(({ key }) => key)).toEqual(['services/worker']);
    await state.close();
  },
  60_000,
);
