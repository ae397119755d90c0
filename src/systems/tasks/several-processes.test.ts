import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Blobs } from '../../kernel/blobs/index.js';
import { holdLeadership, type Lead } from '../../kernel/control/index.js';
import type { Queue, Queues } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import { processesPrefix, rightKey } from './in-hand/keys.js';
import { type MadeTasks, madeTasks, madeUpload, source, withOthers } from './made-tasks.js';
import { openTasks } from './open-tasks.js';
import type { Progress } from './progress/index.js';
import type { TakenTask, Tasks } from './tasks-api.js';

/** Something that happens once. */
interface Event<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function anEvent<T>(): Event<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const signal = new AbortController().signal;
let made: MadeTasks;
let opened: Tasks[];
/** Whoever waits until something was put right. */
let putRight: Event<unknown>;

beforeEach(async () => {
  made = await madeTasks();
  // what it opened is not one of those that work together
  await made.tasks.close();
  opened = [];
  putRight = anEvent();
});

afterEach(async () => {
  await Promise.all(opened.map((tasks) => tasks.close()));
  await made.close();
});

/** One more gateway, as it were, on the same state, queues and blobs. */
async function open({ state = made.state, blobs = made.blobs, queues = made.queues } = {}): Promise<Tasks> {
  const { clock } = made;
  const logger = {
    info: (fields: unknown, message?: string) => {
      if (message?.startsWith('tasks were put right') === true) putRight.resolve(fields);
    },
    warn: (fields: unknown, message?: string) => console.warn(message, fields),
    error: (fields: unknown, message?: string) => console.error(message, fields),
  };
  const holder = randomUUID();
  const lead: Lead = (name, work) =>
    holdLeadership({ state, name, holder, ttlMs: 15_000, clock, logger, lead: work });
  const tasks = await openTasks({ state, queues, blobs, clock, logger, lead });
  opened.push(tasks);
  return tasks;
}

/** Blobs that are written, and of which nobody is told until `go`. */
function heldBack(blobs: Blobs): { blobs: Blobs; written: Promise<string>; go: () => void } {
  const written = anEvent<string>();
  const gate = anEvent<void>();
  const held = withOthers<Blobs>(blobs, {
    write: async (...given) => {
      const info = await blobs.write(...given);
      written.resolve(info.hash);
      await gate.promise;
      return info;
    },
  });
  return { blobs: held, written: written.promise, go: gate.resolve };
}

async function untilProgress(tasks: Tasks, holds: (progress: Progress) => boolean): Promise<Progress> {
  const stop = new AbortController();
  for await (const progress of tasks.watchProgress({}, stop.signal)) {
    if (!holds(progress)) continue;
    stop.abort();
    return progress;
  }
  throw new Error('the progress is not told any more');
}

async function takeOne(tasks: Tasks): Promise<TakenTask> {
  const [taken] = await tasks.take({ worker: 'w1', max: 1, waitMs: 0, signal });
  if (taken === undefined) throw new Error('no task was given');
  return taken;
}

const result = { source: source('result'), mediaType: 'image/png' };

/** Ends the lease of the process that was opened last, as it lapses when a process is killed. */
async function loseLast(): Promise<void> {
  const { entries } = await made.state.list(processesPrefix);
  const last = entries.toSorted((a, b) => a.createRevision - b.createRevision).at(-1);
  await (await made.state.resumeLease(last?.lease ?? '')).revoke();
}

/** A process that is killed when it has written the record of an upload, and not its message. */
async function killedBeforeMessage(): Promise<string> {
  const written = anEvent<string>();
  const publish = (body: Uint8Array) => {
    written.resolve((JSON.parse(String(body)) as { task: string }).task);
    return new Promise<never>(() => undefined);
  };
  const queues = withOthers<Queues>(made.queues, {
    open: async (...given) => withOthers<Queue>(await made.queues.open(...given), { publish }),
  });
  const third = await open({ queues });
  void third.upload(madeUpload('lost'));
  const task = await written.promise;
  await loseLast();
  return task;
}

describe('two processes on one state', () => {
  it('know of each other’s tasks, and count the same', async () => {
    const [one, two] = [await open(), await open()];
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.push((await one.upload(madeUpload(name))).task.id);
    await untilProgress(two, ({ counts }) => counts.queued === 3);
    expect((await two.list()).tasks.map(({ id }) => id)).toEqual(ids);
    expect(await two.upload(madeUpload('a'))).toMatchObject({ duplicate: true, task: { id: ids[0] } });
    const first = await takeOne(two);
    await one.extend(first.task.id, first.lease);
    await one.complete(first.task.id, first.lease, { ...result, source: source('result') });
    await two.cancel(ids[2] ?? '', 'ada');
    const second = await takeOne(one);
    await two.fail(second.task.id, second.lease, {
      error: { code: 'input-invalid', message: 'no image' },
      retryable: false,
    });
    const ended = ({ ended: count }: Progress) => count === 3;
    const [atOne, atTwo] = await Promise.all([untilProgress(one, ended), untilProgress(two, ended)]);
    expect(atOne.counts).toEqual({ uploading: 0, queued: 0, leased: 0, done: 1, failed: 1, cancelled: 1 });
    expect(atTwo.counts).toEqual(atOne.counts);
    expect(await one.retryFailed({}, 'ada')).toEqual([second.task.id]);
    expect((await takeOne(two)).task).toMatchObject({ id: second.task.id, round: 2 });
  });

  it('leave alone what the other is receiving and handing in, while what a third left is put right', async () => {
    const one = await open();
    const uploading = heldBack(made.blobs);
    const completing = heldBack(made.blobs);
    const [two, three] = [await open({ blobs: uploading.blobs }), await open({ blobs: completing.blobs })];
    await one.upload(madeUpload('a'));
    const taken = await takeOne(three);
    const upload = two.upload(madeUpload('b'));
    const completion = three.complete(taken.task.id, taken.lease, result);
    await Promise.all([uploading.written, completing.written]);
    await killedBeforeMessage();
    expect(await putRight.promise).toEqual({ published: 1, blobsRemoved: 0 });
    uploading.go();
    completing.go();
    const { task } = await upload;
    await completion;
    const chunks: unknown[] = [];
    for await (const chunk of (await one.read(task.id, 'original')).stream) chunks.push(chunk);
    for await (const chunk of (await one.read(taken.task.id, 'result')).stream) chunks.push(chunk);
    expect(chunks.map(String)).toEqual(['b', 'result']);
  });

  it('remove what one was receiving that is gone, and let its name be used; it is told where it was cut off', async () => {
    const one = await open();
    const uploading = heldBack(made.blobs);
    const two = await open({ blobs: uploading.blobs });
    const upload = two.upload(madeUpload('a'));
    const hash = await uploading.written;
    await expect(one.upload(madeUpload('a'))).rejects.toMatchObject({
      code: 'revision-conflict',
      details: { state: 'uploading' },
    });
    await loseLast();
    expect(await putRight.promise).toEqual({ published: 0, blobsRemoved: 1 });
    expect(await made.blobs.stat(hash)).toBeUndefined();
    expect(await one.upload(madeUpload('a'))).toMatchObject({ duplicate: false });
    uploading.go();
    await expect(upload).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect((await one.list()).tasks.map(({ name, state }) => [name, state])).toEqual([['a', 'queued']]);
    expect(await made.blobs.stat(hash)).toBeDefined();
    // it goes on, under another lease
    expect(await two.upload(madeUpload('b'))).toMatchObject({ duplicate: false });
  });

  it('look at no task when one ends in order, and only at what it had in hand when one is killed', async () => {
    const asked: string[] = [];
    const state = withOthers<State>(made.state, {
      get: (key) => {
        if (key.startsWith('/tasks/items/')) asked.push(key);
        return made.state.get(key);
      },
      list: (prefix, options) => {
        if (prefix.startsWith('/tasks/items/')) asked.push(prefix);
        return made.state.list(prefix, options);
      },
    });
    await open({ state });
    const stop = new AbortController();
    // the first one looks at everything
    for await (const _ of made.state.watch(rightKey, { fromRevision: 1, signal: stop.signal })) stop.abort();
    const two = await open();
    for (const name of ['a', 'b', 'c']) await two.upload(madeUpload(name));
    asked.length = 0;
    await two.close();
    const lost = await killedBeforeMessage();
    expect(await putRight.promise).toEqual({ published: 1, blobsRemoved: 0 });
    expect(new Set(asked)).toEqual(new Set([`/tasks/items/${lost}`]));
  });
});
