import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../kernel/errors/expect-error.js';
import { type MadeTasks, madeTasks, madeUpload, source } from '../made-tasks.js';

let made: MadeTasks;
beforeEach(async () => {
  made = await madeTasks({ maxUploadBytes: 20_000_000 });
});
afterEach(() => made.close());

function announced(name: string, size: number) {
  const { batch, filter, mediaType } = madeUpload(name);
  return { name, batch, filter, mediaType, size, metadata: { filename: name } };
}

async function originalOf(task: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of (await made.tasks.read(task, 'original')).stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

/** A source that breaks off after a text. */
async function* broken(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  throw new Error('the connection broke');
}

describe('an upload in pieces', () => {
  it('goes on where it broke off, also after a restart, and becomes one task', async () => {
    const { id } = await made.tasks.resumable.create(announced('a.png', 11));
    await expect(made.tasks.resumable.append(id, 0, broken('hello '))).rejects.toThrow(
      'the connection broke',
    );
    made = await made.restart();
    expect(await made.tasks.resumable.get(id)).toMatchObject({ offset: 6, size: 11 });
    const { task = '', offset } = await made.tasks.resumable.append(id, 6, source('world'));
    expect(offset).toBe(11);
    expect(await originalOf(task)).toBe('hello world');
    // whoever did not hear the answer asks again
    expect((await made.tasks.resumable.get(id)).task).toBe(task);
    expect((await made.tasks.list()).tasks.map((one) => one.id)).toEqual([task]);
  });

  it('is refused and forgotten where its bytes are not those that were announced', async () => {
    const { resumable } = made.tasks;
    const sha256 = createHash('sha256').update('right').digest('hex');
    const bad = await resumable.create({ ...announced('a.png', 5), sha256 });
    const error = await expectError(resumable.append(bad.id, 0, source('wrong')), 'input-invalid');
    expect(error.details).toMatchObject({ announced: sha256 });
    await expectError(resumable.get(bad.id), 'not-found');
    expect((await made.tasks.list()).tasks).toEqual([]);
    // nothing is left of them, and the name is free
    const owners: string[] = [];
    await made.blobs.sweep((owner) => owners.push(owner) > 0);
    expect(owners).toEqual([]);
    const good = await resumable.create({ ...announced('a.png', 5), sha256 });
    const { task = '' } = await resumable.append(good.id, 0, source('right'));
    expect(await originalOf(task)).toBe('right');
    // also where the task is there already
    const again = await resumable.create({ ...announced('a.png', 5), sha256 });
    await expectError(resumable.append(again.id, 0, source('wrong')), 'input-invalid');
  });

  it('takes bytes at its own offset only, and of two who send the same at once one', async () => {
    const { id } = await made.tasks.resumable.create(announced('a.png', 10));
    await expectError(made.tasks.resumable.append(id, 3, source('later')), 'revision-conflict');
    const both = await Promise.allSettled([
      made.tasks.resumable.append(id, 0, source('first')),
      made.tasks.resumable.append(id, 0, source('FIRST')),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      code: 'revision-conflict',
    });
    expect((await made.tasks.resumable.get(id)).offset).toBe(5);
  });

  it('lists what is no task yet, by batch and person, page by page', async () => {
    const { resumable } = made.tasks;
    const ids: string[] = [];
    for (const name of ['a.png', 'b.png', 'c.png'])
      ids.push((await resumable.create({ ...announced(name, 5), batch: 'B', user: 'ada' })).id);
    ids.sort();
    const other = await resumable.create({ ...announced('d.png', 5), batch: 'C', user: 'bob' });
    await resumable.append(ids[1] ?? '', 0, source('wh'));
    const first = await resumable.list({ batch: 'B', limit: 2 });
    expect(first.uploads.map(({ id, offset }) => [id, offset])).toEqual([
      [ids[0], 0],
      [ids[1], 2],
    ]);
    expect(first.next).toBe(ids[1]);
    await resumable.append(ids[2] ?? '', 0, source('whole'));
    expect(await resumable.list({ batch: 'B', limit: 2, after: first.next ?? '' })).toEqual({ uploads: [] });
    expect((await resumable.list({ user: 'bob', limit: 9 })).uploads.map(({ id }) => id)).toEqual([other.id]);
  });

  it('takes no more than was announced, and announces no more than is allowed', async () => {
    await expectError(made.tasks.resumable.create(announced('a.png', 20_000_001)), 'input-too-large');
    await expectError(made.tasks.resumable.create(announced('a.png', 0)), 'input-invalid');
    const { id } = await made.tasks.resumable.create(announced('a.png', 3));
    const { task = '' } = await made.tasks.resumable.append(id, 0, source('abcdef'));
    expect(await originalOf(task)).toBe('abc');
  });

  it('leaves nothing but its task, nor where it is removed or takes more than a day', async () => {
    const { resumable } = made.tasks;
    const whole = await resumable.create(announced('whole.png', 17_000_000));
    const { task = '' } = await resumable.append(whole.id, 0, source17());
    const [removed, expired] = [
      await resumable.create(announced('b.png', 9)),
      await resumable.create(announced('c.png', 9)),
    ];
    await resumable.append(removed.id, 0, source('b'));
    await resumable.append(expired.id, 0, source('c'));
    await resumable.remove(removed.id);
    await expectError(resumable.get(removed.id), 'not-found');
    made.clock.advance(25 * 3_600_000);
    await expectError(resumable.get(expired.id), 'not-found');
    made = await made.restart();
    const owners: string[] = [];
    await made.blobs.sweep((owner) => {
      owners.push(owner);
      return true;
    });
    expect(owners).toEqual([`tasks/${task}/original`]);
    expect((await made.tasks.get(task)).original?.bytes).toBe(17_000_000);
  });
});

async function* source17(): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < 17; count += 1) yield Buffer.alloc(1_000_000, count);
}
