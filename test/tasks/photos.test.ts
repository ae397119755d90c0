import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTasksGateway, type TasksGateway, uploadOne } from './tasks-gateway.js';

let test: TasksGateway;
let folder: string;
/** As it is given to the demo's script and worker. */
let endpoint: string;
let photo: Buffer<ArrayBuffer>;
beforeEach(async () => {
  test = await openTasksGateway();
  endpoint = `localhost:${test.gateway.port}/compat/photos`;
  folder = await mkdtemp(join(tmpdir(), 'starling-photos-'));
  const create = { width: 4, height: 3, channels: 3, background: { r: 255, g: 0, b: 10 } } as const;
  photo = Buffer.from(await sharp({ create }).png().toBuffer());
  await writeFile(join(folder, 'photo.png'), photo);
});
afterEach(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

/** bin/upload_batch.sh of the demo, but for its echo. */
const script = `
MASTER_ENDPOINT=\`curl -s http://$1/masterendpoint\`
for i in $(seq 1 $3)
do
  curl -s -X POST -F "image=@$2" http://$MASTER_ENDPOINT/task
done`;

const uploadBatch = (count: number) =>
  promisify(execFile)('bash', [
    '-c',
    script,
    'upload_batch.sh',
    endpoint,
    join(folder, 'photo.png'),
    String(count),
  ]);

const get = (url: string) => fetch(`http://${url}`);
const textOf = async (url: string) => (await get(url)).text();
const post = (url: string, body?: FormData | string) =>
  fetch(`http://${url}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    headers: typeof body === 'string' ? { 'content-type': 'application/json' } : {},
  });

function formOf(image: Buffer<ArrayBuffer>): FormData {
  const form = new FormData();
  form.set('image', new Blob([image]), 'photo.png');
  return form;
}

/** What worker.js of the demo does, once: next, download, filter, upload to the storage, finish. The id, or -1. */
async function work(): Promise<number> {
  const [master, storage] = [
    await textOf(`${endpoint}/masterendpoint`),
    await textOf(`${endpoint}/storageendpoint`),
  ];
  const next = await get(`${master}/task/next`);
  const task = (await next.json()) as { id: number };
  if (next.status !== 200) return -1;
  const image = await (await get(`${master}/task/${task.id}/download`)).arrayBuffer();
  const filtered = Buffer.from(await sharp(image).negate({ alpha: false }).png().toBuffer());
  expect((await post(`${storage}/upload/${task.id}`, formOf(filtered))).status).toBe(200);
  expect((await post(`${master}/task/${task.id}/finish`)).status).toBe(200);
  return task.id;
}

async function colourOf(id: number): Promise<number[]> {
  const bytes = await (await get(`${endpoint}/master/task/${id}/download`)).arrayBuffer();
  const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

describe('the demo’s script and worker', () => {
  it('upload photos and process them', async () => {
    await uploadBatch(2);
    expect(await textOf(`${endpoint}/master/task/0/ready`)).toBe('false');
    expect(await colourOf(0)).toEqual([255, 0, 10]);
    expect([await work(), await work(), await work()]).toEqual([0, 1, -1]);
    expect(await textOf(`${endpoint}/master/task/0/ready`)).toBe('true');
    expect(await colourOf(0)).toEqual([0, 255, 245]);
    expect(test.made.tasks.progress()).toMatchObject({ total: 2, counts: { done: 2 } });
  });

  it('process all of eight uploads at once', async () => {
    const uploads = await Promise.all(
      Array.from({ length: 8 }, () => post(`${endpoint}/master/task`, formOf(photo))),
    );
    expect(uploads.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const ids = new Set<number>();
    for (let turn = 0; turn < 4; turn += 1) for (const id of await Promise.all([work(), work()])) ids.add(id);
    expect([...ids].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(test.made.tasks.progress().counts).toMatchObject({ done: 8, queued: 0, leased: 0 });
  });
});

describe('its endpoints', () => {
  it('keep the value of who wrote first', async () => {
    expect((await get(`${endpoint}/colour`)).status).toBe(404);
    for (const value of ['red', 'blue'])
      expect((await post(`${endpoint}/colour`, JSON.stringify({ value }))).status).toBe(200);
    expect(await textOf(`${endpoint}/colour`)).toBe('red');
    await post(`${endpoint}/masterendpoint`, JSON.stringify({ value: 'evil.example' }));
    expect(await textOf(`${endpoint}/masterendpoint`)).toBe(`${endpoint}/master`);
  });

  it('make a task first and take its file then, as the demo’s own master does', async () => {
    const [db, storage] = [`${endpoint}/db`, `${endpoint}/storage`];
    expect(await (await post(`${db}/task`)).text()).toBe('0');
    expect(await (await get(`${db}/task/0`)).json()).toEqual({ id: 0, state: -1 });
    expect((await get(`${storage}/download/0`)).status).toBe(409);
    // without a file name, as its master sends it
    const form = new FormData();
    form.set('image', new Blob([photo], { type: 'application/octet-stream' }), '');
    expect((await post(`${storage}/upload/0`, form)).status).toBe(200);
    expect((await post(`${db}/task/0/ready`)).status).toBe(200);
    expect(await (await get(`${db}/task/next`)).json()).toEqual({ id: 0, state: 1 });
    const none = await get(`${db}/task/next`);
    expect([none.status, await none.json()]).toEqual([404, { id: -1, state: 0 }]);
    expect((await post(`${db}/task/0/finish`)).status).toBe(409);
    expect((await post(`${db}/task/0/ready`)).status).toBe(200);
    expect(await work()).toBe(0);
    expect(await (await get(`${db}/task/0`)).json()).toEqual({ id: 0, state: 2 });
    for (const path of ['task/7', 'task/7/ready', 'task/7/download', 'task/x'])
      expect([400, 404]).toContain((await get(`${endpoint}/master/${path}`)).status);
  });

  it('refuse no image, and two', async () => {
    expect((await post(`${endpoint}/master/task`, new FormData())).status).toBe(400);
    expect((await post(`${endpoint}/master/task`)).status).toBe(400);
    const two = formOf(photo);
    two.append('image', new Blob([photo]), 'other.png');
    expect((await post(`${endpoint}/master/task`, two)).status).toBe(400);
  });

  it('give no work with other filters, and leave that as it was', async () => {
    const id = await uploadOne(test);
    expect(await work()).toBe(-1);
    expect(await test.made.tasks.get(id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('are not there where people sign in', async () => {
    await test.close();
    const { openSignedInTasks } = await import('./tasks-gateway.js');
    test = await openSignedInTasks();
    expect((await get(`localhost:${test.gateway.port}/compat/photos/masterendpoint`)).status).toBe(404);
  });
});
