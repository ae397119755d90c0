import { randomBytes } from 'node:crypto';
import { appendFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNoSmallDisk, withSmallDisk } from '../durability/small-disk.js';
import type { JsonObject } from '../gateway/documented-call.js';
import { formOf, openTasksGateway, type TasksGateway, type UploadAnswer, upload } from './tasks-gateway.js';

const problem = await whyNoSmallDisk('uploads and results');
const large = randomBytes(1_500_000);
const onFullDisk = it.skipIf(problem !== undefined);

/** Runs a test with a gateway on a disk of 8 MiB that has 1 MB left; `makeRoom` gives the rest back. */
function withLittleRoom(
  test: (
    gateway: TasksGateway,
    disk: { makeRoom: () => Promise<void>; fill: () => Promise<void> },
  ) => Promise<void>,
): () => Promise<void> {
  return () =>
    withSmallDisk(async (folder) => {
      const gateway = await openTasksGateway({}, {}, folder);
      const ballast = join(folder, 'ballast');
      const fill = async (step: number) => {
        for (let left = true; left; ) {
          await appendFile(ballast, Buffer.alloc(step)).catch(() => {
            left = false;
          });
        }
      };
      try {
        await writeFile(join(folder, 'reserve'), Buffer.alloc(1_000_000));
        await fill(64 * 1024);
        await rm(join(folder, 'reserve'));
        await test(gateway, { makeRoom: () => rm(ballast), fill: () => fill(4_096) });
      } finally {
        await gateway.close();
      }
    }, 8);
}

async function begun({ made }: TasksGateway): Promise<string[]> {
  return readdir(join(made.folder, 'blobs', 'incoming'));
}

async function records({ made }: TasksGateway): Promise<number> {
  const [items, names] = await Promise.all(
    ['items', 'names'].map((kind) => made.state.list(`/tasks/${kind}/`)),
  );
  expect(names?.entries.length).toBe(items?.entries.length);
  return items?.entries.length ?? 0;
}

onFullDisk(
  'a file for which there is no space is refused with 507, nothing of it is left, and others are taken',
  withLittleRoom(async (test, { makeRoom }) => {
    const refused = await upload<JsonObject>(
      test,
      formOf({ filter: 'invert', batch: 'b' }, { 'large.png': large }),
    );
    expect(refused).toMatchObject({ status: 507, body: { code: 'storage-full' } });
    expect([await begun(test), await records(test)]).toEqual([[], 0]);
    const both = formOf({ filter: 'invert', batch: 'b' }, { 'large.png': large, 'small.png': 'small' });
    const { status, body } = await upload<UploadAnswer>(test, both);
    expect(status).toBe(200);
    expect(body.files).toMatchObject([
      { name: 'large.png', error: { code: 'storage-full' } },
      { name: 'small.png', duplicate: false },
    ]);
    expect([await begun(test), await records(test)]).toEqual([[], 1]);
    expect(await test.made.tasks.queueStats()).toMatchObject({ ready: 1 });
    await makeRoom();
    const again = await upload(test, formOf({ filter: 'invert', batch: 'b' }, { 'large.png': large }));
    expect(again.status).toBe(201);
  }),
);

onFullDisk(
  'a result for which there is no space is refused with 507, and its task goes on',
  withLittleRoom(async (test, { makeRoom }) => {
    await upload(test, formOf({ filter: 'invert', batch: 'b' }, { 'a.png': 'a', 'b.png': 'b' }));
    const body = { worker: 'w', max: 2 };
    const taken = await test.call<{ tasks: { id: string; lease: string }[] }>('POST', '/api/v1/tasks/take', {
      body,
    });
    const [first, second] = taken.body.tasks;
    const handIn = (
      task: { id: string; lease: string } | undefined,
      result: Uint8Array<ArrayBuffer> | string,
    ) =>
      fetch(`${test.url}/api/v1/tasks/${task?.id}/result`, {
        method: 'PUT',
        headers: { 'starling-lease': task?.lease ?? '', 'content-type': 'image/png' },
        body: result,
      });
    const refused = await handIn(first, large);
    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ code: 'storage-full' });
    expect(await begun(test)).toEqual([]);
    expect((await test.call('GET', `/api/v1/tasks/${first?.id}`)).body).toMatchObject({ state: 'leased' });
    expect((await handIn(second, 'small')).status).toBe(200);
    await makeRoom();
    expect((await handIn(first, large)).status).toBe(200);
    expect(test.made.tasks.progress().counts).toMatchObject({ done: 2, leased: 0 });
    expect(await test.made.blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
  }),
);

onFullDisk(
  'a disk that is full to its last page keeps what it has, and takes files again when there is space',
  withLittleRoom(async (test, { makeRoom, fill }) => {
    await upload(test, formOf({ filter: 'invert', batch: 'b' }, { 'kept.png': 'kept' }));
    await fill();
    for (let index = 0; index < 20; index += 1) {
      const form = formOf({ filter: 'invert', batch: 'b' }, { [`${index}.png`]: randomBytes(9_000) });
      const { status, body } = await upload<JsonObject>(test, form);
      expect([status, body.code]).toEqual([507, 'storage-full']);
    }
    await makeRoom();
    expect([await begun(test), await records(test)]).toEqual([[], 1]);
    const again = await upload(test, formOf({ filter: 'invert', batch: 'b' }, { '0.png': 'other bytes' }));
    expect(again.status).toBe(201);
  }),
);
