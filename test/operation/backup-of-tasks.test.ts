import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Progress, Task } from '../../src/systems/tasks/index.js';
import { type Serving, serve, starling } from './starling-process.js';

let folder: string;
let serving: Serving | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-backup-of-tasks-'));
  const configuration = 'parties:\n  VU: { name: Vrije Universiteit, roles: [dataProvider] }\n';
  await writeFile(join(folder, 'starling.yaml'), configuration);
});

afterEach(async () => {
  await serving?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function up(data: string): Promise<string> {
  serving = await serve(folder, ['up', '--port', '0', '--data', data], /API +(http:\S+?\/api\/v1)/);
  return serving.found;
}

/** Uploads a photo of one colour; its task, once it is acknowledged. */
async function upload(api: string, batch: string, red: number): Promise<string> {
  const background = { r: red, g: 0, b: batch.length };
  const photo = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
  const form = new FormData();
  form.set('filter', 'invert');
  form.set('batch', batch);
  form.append('file', new Blob([new Uint8Array(photo)], { type: 'image/png' }), `${red}.png`);
  const response = await fetch(`${api}/tasks`, { method: 'POST', body: form });
  const { files } = (await response.json()) as { files: readonly { task: string }[] };
  expect(response.status).toBe(201);
  return files[0]?.task ?? '';
}

async function untilEnded(api: string): Promise<Progress> {
  const { body } = await fetch(`${api}/tasks/progress/events`);
  let text = '';
  for await (const bytes of body ?? []) {
    text += Buffer.from(bytes).toString();
    for (const [, data = '{}'] of text.matchAll(/^data: (.*)$/gm)) {
      const progress = JSON.parse(data) as Progress;
      if (progress.total > 0 && progress.ended === progress.total) return progress;
    }
  }
  throw new Error('the progress is not told any more');
}

it('a backup that is made while files come in has every file that came before, and they are worked on', async () => {
  const api = await up('data');
  await fetch(`${api}/queues/tasks/pause`, { method: 'POST' });
  const before: string[] = [];
  for (let red = 0; red < 10; red += 1) before.push(await upload(api, 'before', red));
  let made = false;
  const during: string[] = [];
  const uploading = (async () => {
    while (!made && during.length < 250) during.push(await upload(api, 'during', during.length));
  })();
  const backedUp = await starling(folder, ['backup', '--data', 'data', '--to', 'backup']);
  made = true;
  await uploading;
  expect(backedUp).toMatchObject({ status: 0, out: expect.stringContaining('Wrote backup.') });
  expect(during.length).toBeGreaterThan(0);
  await serving?.stop();
  await rm(join(folder, 'data'), { recursive: true });

  expect((await starling(folder, ['restore', 'backup', '--data', 'again'])).status).toBe(0);
  const again = await up('again');
  await fetch(`${again}/queues/tasks/resume`, { method: 'POST' });
  const { counts, total } = await untilEnded(again);
  expect(counts.done).toBe(total);
  for (const [red, id] of before.entries()) {
    const task = (await (await fetch(`${again}/tasks/${id}`)).json()) as Task;
    expect(task).toMatchObject({ state: 'done', name: `${red}.png`, attempts: 1 });
    const result = Buffer.from(await (await fetch(`${again}/tasks/${id}/result`)).arrayBuffer());
    const { data } = await sharp(result).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255 - red, 255, 255 - 'before'.length]);
  }
}, 240_000);
