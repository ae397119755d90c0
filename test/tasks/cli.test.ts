import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { childProgram } from '../../src/kernel/child-program/index.js';
import { systemClock } from '../../src/kernel/clock/index.js';
import { HttpContract } from '../../src/systems/tasks/worker/http-contract.js';
import { workLoop } from '../../src/systems/tasks/worker/work-loop.js';
import { openTasksGateway, type TasksGateway } from './tasks-gateway.js';

const program = childProgram('cli/main.js');

let test: TasksGateway;
let folder: string;
beforeEach(async () => {
  test = await openTasksGateway({}, { limits: {} });
  folder = await mkdtemp(join(tmpdir(), 'starling-upload-'));
  await mkdir(join(folder, 'photos', 'sub'), { recursive: true });
  for (const name of ['a.png', 'sub/b.png', 'bad.png'])
    await writeFile(join(folder, 'photos', name), `bytes of ${name}`);
});
afterEach(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

async function starling(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program, ...words, '--url', test.url], {
    cwd: folder,
    env: { PATH },
  });
  const [[status], out, err] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status: Number(status), out, err };
}

/** Works in capitals, but for `bad.png`, while `act` goes on; over HTTP, as any worker does. */
async function withWorker<Result>(act: () => Promise<Result>): Promise<Result> {
  const stopping = new AbortController();
  const working = workLoop({
    contract: new HttpContract({ url: test.url, worker: 'capitals' }),
    process: async ({ bytes, mediaType }) => {
      const words = Buffer.from(bytes).toString();
      if (words.includes('bad')) {
        const { StarlingError } = await import('../../src/kernel/errors/index.js');
        throw new StarlingError('input-invalid', 'This is no image.');
      }
      return { bytes: Buffer.from(words.toUpperCase()), mediaType };
    },
    concurrency: 2,
    clock: systemClock,
    logger: { info: () => {}, warn: () => {} },
    stopping: stopping.signal,
  });
  try {
    return await act();
  } finally {
    stopping.abort();
    await working;
  }
}

it('uploads a folder, waits for its end, tells what failed, and fetches the results', async () => {
  const args = ['upload', 'photos', '--filter', 'keep', '--batch', 'B'];
  const first = await withWorker(() => starling(...args, '--wait', '--json'));
  expect(first.status).toBe(2);
  expect(JSON.parse(first.out)).toMatchObject({
    batch: 'B',
    uploaded: 3,
    known: 0,
    failed: [{ name: 'bad.png', error: { code: 'input-invalid', message: 'This is no image.' } }],
    progress: { total: 3, counts: { done: 2, failed: 1 } },
  });
  const again = await starling(...args);
  expect(again).toMatchObject({
    status: 0,
    out: expect.stringContaining('0 files uploaded, 3 there already.'),
  });
  expect(again.err).toContain('uploading [####################] 3 of 3');
  expect(test.made.tasks.progress().total).toBe(3);

  expect((await starling('tasks', 'download', '--batch', 'B')).status).toBe(0);
  expect(await readFile(join(folder, 'results', 'sub', 'b.png'), 'utf8')).toBe('BYTES OF SUB/B.PNG');
  await writeFile(join(folder, 'results', 'a.png'), 'mine');
  const other = await starling('tasks', 'download', '--batch', 'B', '--json');
  expect(other.status).toBe(4);
  expect(JSON.parse(other.out)).toMatchObject({ written: 0, there: 1, failed: [{ name: 'a.png' }] });
  expect(await readFile(join(folder, 'results', 'a.png'), 'utf8')).toBe('mine');
});

it('lists, shows, cancels and retries tasks, and looks after queues', async () => {
  expect((await starling('upload', 'photos/a.png', '--filter', 'blur', '--param', 'sigma=3')).status).toBe(0);
  const { out } = await starling('tasks', '--json');
  const [task] = (JSON.parse(out) as { items: { id: string; filter: object }[] }).items;
  expect(task?.filter).toEqual({ name: 'blur', parameters: { sigma: 3 } });
  const id = task?.id ?? '';
  expect((await starling('tasks', 'cancel', id)).out).toBe(`Task ${id} is cancelled.\n`);
  expect((await starling('tasks', 'cancel', id)).status).toBe(4);
  expect((await starling('tasks', 'retry', id)).out).toContain('waits for a worker again');
  expect((await starling('tasks', 'show', id)).out).toContain('somebody asked for another try');
  expect((await starling('queues', 'pause', 'tasks')).out).toContain('tasks is paused');
  expect((await starling('queues')).out).toMatch(/tasks .* paused/);
});

it('lists dead letters page by page, has them delivered again, and forgets them', async () => {
  const queue = await test.made.queues.open('letters', { capacity: 10 });
  for (const word of ['one', 'two', 'three', 'four']) await queue.publish(Buffer.from(word));
  for (const { lease } of await queue.take({ max: 4, leaseMs: 1_000 }))
    await queue.reject(lease, 'It cannot be.');
  const page = (await starling('queues', 'dead', 'letters', '--limit', '3')).out;
  expect(page).toMatch(/^ *1 .* one +It cannot be\.$/m);
  expect(page).toContain('There are more: starling queues dead letters --after 3');
  const rest = await starling('queues', 'dead', 'letters', '--after', '3', '--json');
  expect(JSON.parse(rest.out)).toMatchObject({ items: [{ sequence: 4, text: 'four' }] });
  const retried = await starling('queues', 'retry', 'letters', '2', '9', '4');
  expect(retried).toMatchObject({ status: 4, out: expect.stringContaining('Delivered again: 2 messages.') });
  expect(retried.out).toContain('  9: ');
  expect(await queue.stats()).toMatchObject({ ready: 2, dead: 2 });
  const forgotten = await starling('queues', 'forget', 'letters', '--all', '--json');
  expect(JSON.parse(forgotten.out)).toEqual({ queue: 'letters', settled: [1, 3], failed: [] });
  expect(await queue.stats()).toMatchObject({ ready: 2, dead: 0 });
  expect((await starling('queues', 'dead', 'letters')).out).toBe('letters has no dead letters.\n');
});

it.each([
  [['queues', 'forget', 'tasks'], 'or --all'],
  [['queues', 'retry', 'tasks', 'first'], '"first" is none'],
  [['upload', 'photos', '--filter', 'vanish'], 'There is no filter "vanish"'],
  [['upload', 'nowhere', '--filter', 'keep'], 'nowhere is not there'],
  [['tasks', 'retry'], 'Name one task, or --failed'],
])('refuses %j as wrong input', async (words, message) => {
  const { status, out, err } = await starling(...words);
  expect([status, (out + err).includes(message)]).toEqual([2, true]);
});
