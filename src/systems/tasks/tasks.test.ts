import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue, Queues } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import { type MadeTasks, madeTasks, madeUpload, source, withOthers } from './made-tasks.js';
import { type OpenTasksOptions, openTasks } from './open-tasks.js';
import { TaskStore } from './store/index.js';
import { applyTask } from './task/index.js';
import type { TakenTask, Tasks } from './tasks-api.js';

const signal = new AbortController().signal;
const broken = new StarlingError('input-invalid', 'This is no image.').toRecord();

function withTasks(
  test: (made: MadeTasks) => Promise<unknown>,
  options: Partial<OpenTasksOptions> = {},
): () => Promise<void> {
  return async () => {
    const made = await madeTasks(options);
    try {
      await test(made);
    } finally {
      await made.close();
    }
  };
}

async function takeOne(tasks: Tasks, worker = 'w1'): Promise<TakenTask> {
  const [taken] = await tasks.take({ worker, max: 1, waitMs: 0, signal });
  if (taken === undefined) throw new Error('no task was given');
  return taken;
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function finish(tasks: Tasks, { task, lease }: TakenTask, text: string) {
  return tasks.complete(task.id, lease, { source: source(text), mediaType: 'image/png' });
}

describe('an uploaded file', () => {
  it(
    'is worked on by one worker, and has its result',
    withTasks(async ({ tasks }) => {
      const { task } = await tasks.upload(madeUpload('a.png', 'original'));
      expect(task).toMatchObject({ state: 'queued', name: 'a.png', batch: 'b1' });
      const taken = await takeOne(tasks);
      expect(taken.task.id).toBe(task.id);
      expect(await tasks.take({ worker: 'w2', max: 5, waitMs: 0, signal })).toEqual([]);
      expect(await finish(tasks, taken, 'result')).toMatchObject({ state: 'done', attempts: 1 });
      expect(await textOf((await tasks.read(task.id, 'result')).stream)).toBe('result');
      expect(await textOf((await tasks.read(task.id, 'original')).stream)).toBe('original');
      expect(await tasks.queueStats()).toMatchObject({ ready: 0, leased: 0, dead: 0 });
    }),
  );

  it(
    'is known by its name in its batch, so that it is not worked on twice',
    withTasks(async ({ tasks }) => {
      const first = await tasks.upload(madeUpload('a.png', 'one'));
      const again = await tasks.upload(madeUpload('a.png', 'one'));
      expect(again).toMatchObject({ duplicate: true, task: { id: first.task.id } });
      await expect(tasks.upload(madeUpload('a.png', 'other'))).rejects.toMatchObject({
        code: 'revision-conflict',
      });
      expect((await tasks.upload(madeUpload('a.png', 'other', 'b2'))).duplicate).toBe(false);
      expect(await tasks.queueStats()).toMatchObject({ ready: 2 });
    }),
  );

  it(
    'leaves nothing behind where it is empty, too large, or its sender hangs up',
    withTasks(
      async ({ tasks, blobs, state }) => {
        await expect(tasks.upload(madeUpload('a.png', ''))).rejects.toMatchObject({ code: 'input-invalid' });
        await expect(tasks.upload(madeUpload('a.png', '12345678901'))).rejects.toMatchObject({
          code: 'input-too-large',
        });
        async function* hangsUp() {
          yield Buffer.from('123');
          throw new Error('aborted');
        }
        await expect(tasks.upload({ ...madeUpload('a.png'), source: hangsUp() })).rejects.toThrow('aborted');
        for (const kept of ['items', 'names'])
          expect((await state.list(`/tasks/${kept}/`)).entries).toEqual([]);
        expect(await blobs.sweep(() => false)).toEqual({ removed: 0, bytes: 0 });
        expect(await tasks.queueStats()).toMatchObject({ ready: 0 });
        expect((await tasks.upload(madeUpload('a.png', '1234567890'))).task.state).toBe('queued');
      },
      { maxUploadBytes: 10 },
    ),
  );

  it(
    'is refused before it is read where the queue is full',
    withTasks(
      async ({ tasks }) => {
        await tasks.upload(madeUpload('a.png'));
        let read = false;
        async function* unread() {
          read = true;
          yield Buffer.from('x');
        }
        const upload = tasks.upload({ ...madeUpload('b.png'), source: unread() });
        await expect(upload).rejects.toMatchObject({ code: 'queue-full' });
        expect(read).toBe(false);
      },
      { capacity: 1 },
    ),
  );
});

describe('a worker', () => {
  it(
    'that falls silent loses its task, and what it sends later is refused and not kept',
    withTasks(async ({ tasks, clock, blobs }) => {
      await tasks.upload(madeUpload('a.png'));
      const first = await takeOne(tasks, 'w1');
      clock.advance(60_000);
      const second = await takeOne(tasks, 'w2');
      expect(second.task).toMatchObject({ attempts: 2, lease: { worker: 'w2' } });
      await expect(finish(tasks, first, 'of the first')).rejects.toMatchObject({ code: 'lease-lapsed' });
      await finish(tasks, second, 'of the second');
      await expect(finish(tasks, first, 'of the first')).rejects.toMatchObject({ code: 'lease-lapsed' });
      expect(await textOf((await tasks.read(first.task.id, 'result')).stream)).toBe('of the second');
      expect((await blobs.sweep(() => true)).removed).toBe(0);
    }),
  );

  it(
    'that falls silent has its task shown as one that waits, from the moment on at which its lease lapses',
    withTasks(async ({ tasks, clock }) => {
      const { task } = await tasks.upload(madeUpload('a.png'));
      const stop = new AbortController();
      const told: string[] = [];
      const watching = (async () => {
        for await (const { counts } of tasks.watchProgress({}, stop.signal)) {
          told.push(`${counts.queued} queued, ${counts.leased} leased`);
          if (counts.leased === 1) clock.advance(60_000);
          else if (told.length > 1) stop.abort();
        }
      })();
      await takeOne(tasks, 'w1');
      await watching;
      expect(told).toEqual(['1 queued, 0 leased', '0 queued, 1 leased', '1 queued, 0 leased']);
      const seen = await tasks.get(task.id);
      expect(seen).toMatchObject({ state: 'queued', attempts: 1 });
      expect(seen).not.toHaveProperty('lease');
      expect(seen.history.at(-1)?.cause).toBe('nothing more was heard of w1; it waits for another');
      expect((await tasks.list({ state: 'queued' })).tasks).toEqual([seen]);
      expect((await tasks.list({ state: 'leased' })).tasks).toEqual([]);
      expect(await tasks.queueStats()).toMatchObject({ ready: 1, leased: 0 });
    }),
  );

  it(
    'keeps its task while it says that it is there',
    withTasks(async ({ tasks, clock }) => {
      await tasks.upload(madeUpload('a.png'));
      const taken = await takeOne(tasks);
      for (let minute = 0; minute < 5; minute += 1) {
        clock.advance(50_000);
        await tasks.extend(taken.task.id, taken.lease);
      }
      expect(await finish(tasks, taken, 'result')).toMatchObject({ state: 'done', attempts: 1 });
    }),
  );

  it(
    'whose two results come at once gives one',
    withTasks(async ({ tasks, blobs }) => {
      await tasks.upload(madeUpload('a.png'));
      const taken = await takeOne(tasks);
      const both = await Promise.allSettled([finish(tasks, taken, 'same'), finish(tasks, taken, 'same')]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await blobs.sweep(() => true)).removed).toBe(0);
      expect(await textOf((await tasks.read(taken.task.id, 'result')).stream)).toBe('same');
    }),
  );

  it(
    'that fails for good ends the task with the reason, and a retry gives it another round',
    withTasks(async ({ tasks }) => {
      const { task } = await tasks.upload(madeUpload('a.png'));
      const { lease } = await takeOne(tasks);
      const failed = await tasks.fail(task.id, lease, { error: broken, retryable: false });
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'input-invalid' } });
      await expect(tasks.read(task.id, 'result')).rejects.toThrow('This is no image.');
      expect(await tasks.retryFailed({ batch: 'b1' }, 'ada')).toEqual([task.id]);
      const again = await takeOne(tasks);
      expect(again.task).toMatchObject({ round: 2, attempts: 1 });
      await finish(tasks, again, 'result');
      expect(await tasks.queueStats()).toMatchObject({ ready: 0, leased: 0, delayed: 0 });
    }),
  );

  it(
    'that fails for a while has it tried again later, five times at most',
    withTasks(async ({ tasks, clock }) => {
      const { task } = await tasks.upload(madeUpload('a.png'));
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const { lease } = await takeOne(tasks);
        await tasks.fail(task.id, lease, { error: broken, retryable: true });
        expect(await tasks.take({ worker: 'w', max: 1, waitMs: 0, signal })).toEqual([]);
        clock.advance(60_000);
      }
      expect(await tasks.get(task.id)).toMatchObject({ state: 'failed', attempts: 5 });
    }),
  );

  it(
    'that stops hands its task to another, and that is no attempt',
    withTasks(async ({ tasks }) => {
      const { task } = await tasks.upload(madeUpload('a.png'));
      const { lease } = await takeOne(tasks, 'w1');
      await tasks.giveBack(task.id, lease, 'it is stopping');
      expect((await takeOne(tasks, 'w2')).task).toMatchObject({ attempts: 1 });
    }),
  );

  it(
    'gets none of what was cancelled, and its result of that is refused',
    withTasks(async ({ tasks }) => {
      const one = await tasks.upload(madeUpload('a.png'));
      const two = await tasks.upload(madeUpload('b.png'));
      const taken = await takeOne(tasks);
      await tasks.cancel(one.task.id, 'ada');
      await tasks.cancel(two.task.id, 'ada');
      await expect(finish(tasks, taken, 'late')).rejects.toMatchObject({ code: 'lease-lapsed' });
      expect(await tasks.take({ worker: 'w', max: 5, waitMs: 0, signal })).toEqual([]);
      expect(tasks.progress().counts).toMatchObject({ cancelled: 2, queued: 0, leased: 0 });
    }),
  );
});

describe('a result that comes while an engine is away', () => {
  const away = new StarlingError('storage-unavailable', 'No server answers.');

  /** The system again over the same engines, which are as `change` makes them. */
  const reopened = (
    { state, queues, blobs, clock }: MadeTasks,
    changed: Partial<Pick<OpenTasksOptions, 'state' | 'queues'>>,
  ) => {
    const logger = { info: () => {}, warn: () => {}, error: () => {} };
    return openTasks({ state, queues, blobs, clock, logger, ...changed });
  };

  it(
    'is kept where the queue cannot be told that the task is done',
    withTasks(async (made) => {
      await made.tasks.close();
      const queues = withOthers<Queues>(made.queues, {
        open: async (...given) =>
          withOthers<Queue>(await made.queues.open(...given), { ack: () => Promise.reject(away) }),
      });
      const tasks = await reopened(made, { queues });
      await tasks.upload(madeUpload('a.png', 'original'));
      const taken = await takeOne(tasks);
      await expect(finish(tasks, taken, 'result')).rejects.toBe(away);
      expect(await tasks.get(taken.task.id)).toMatchObject({ state: 'done' });
      await made.blobs.sweep(() => true);
      expect(await textOf((await tasks.read(taken.task.id, 'result')).stream)).toBe('result');
      await tasks.close();
    }),
  );

  it(
    'is kept where its record was written without an answer',
    withTasks(async (made) => {
      await made.tasks.close();
      let isCut = false;
      const state = withOthers<State>(made.state, {
        transaction: async (...given) => {
          const done = await made.state.transaction(...given);
          if (isCut) throw away;
          return done;
        },
      });
      const tasks = await reopened(made, { state });
      await tasks.upload(madeUpload('a.png', 'original'));
      const taken = await takeOne(tasks);
      isCut = true;
      await expect(finish(tasks, taken, 'result')).rejects.toBe(away);
      isCut = false;
      expect(await tasks.get(taken.task.id)).toMatchObject({ state: 'done' });
      await made.blobs.sweep(() => true);
      expect(await textOf((await tasks.read(taken.task.id, 'result')).stream)).toBe('result');
      await tasks.close();
    }),
  );
});

describe('a restart', () => {
  it(
    'keeps tasks, lets a worker that lived on finish, and goes on with the rest',
    withTasks(async (made) => {
      await made.tasks.upload(madeUpload('a.png'));
      await made.tasks.upload(madeUpload('b.png'));
      const taken = await takeOne(made.tasks);
      const again = await made.restart();
      expect(await finish(again.tasks, taken, 'result')).toMatchObject({ state: 'done' });
      await finish(again.tasks, await takeOne(again.tasks), 'result');
      expect(again.tasks.progress({ batch: 'b1' })).toMatchObject({ total: 2, ended: 2, secondsLeft: 0 });
      await again.close();
    }),
  );

  it(
    'writes the message of a task that lacks it, once, and removes blobs that no task needs',
    withTasks(async (made) => {
      const { task } = await made.tasks.upload(madeUpload('a.png'));
      const queue = await made.queues.open('tasks');
      const [message] = await queue.take({ max: 1, leaseMs: 1000 });
      await queue.ack(message?.lease ?? '');
      await made.state.put(`/tasks/items/${task.id}`, { ...task, round: 2 } as never);
      await made.blobs.write(source('of nobody'), { owner: `tasks/${task.id}/result/l1` });
      const again = await (await made.restart()).restart();
      expect(await again.tasks.queueStats()).toMatchObject({ ready: 1 });
      expect((await takeOne(again.tasks)).task).toMatchObject({ id: task.id, round: 2 });
      expect(await again.blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
      expect(await textOf((await again.tasks.read(task.id, 'original')).stream)).toBe('a.png');
      await again.close();
    }),
  );
});

describe('an upload whose process was killed', () => {
  it(
    'is gone at the next start, and its name is free again',
    withTasks(async (made) => {
      const begun = { at: 0, id: 't-1', batch: 'b1', filter: { name: 'invert', parameters: {} } } as const;
      const task = applyTask(undefined, { ...begun, type: 'create', name: 'a.png' });
      const lease = await made.state.lease(60_000);
      expect(await new TaskStore(made.state).create(task, lease.id, { delete: 'no note' })).toBeUndefined();
      await expect(made.tasks.upload(madeUpload('a.png'))).rejects.toMatchObject({
        code: 'revision-conflict',
      });
      const again = await made.restart();
      await expect(again.tasks.get('t-1')).rejects.toMatchObject({ code: 'not-found' });
      expect(await again.tasks.upload(madeUpload('a.png'))).toMatchObject({ duplicate: false });
      await again.close();
    }),
  );
});

describe('what there is', () => {
  it(
    'is listed by page, state, batch and person',
    withTasks(async ({ tasks }) => {
      for (const name of ['a', 'b', 'c']) await tasks.upload(madeUpload(name));
      await tasks.upload({ ...madeUpload('d', 'd', 'b2'), user: 'ada' });
      await finish(tasks, await takeOne(tasks), 'result');
      const first = await tasks.list({ batch: 'b1', limit: 2 });
      expect(first.tasks.map(({ name }) => name)).toEqual(['a', 'b']);
      const rest = await tasks.list({ batch: 'b1', limit: 2, after: first.next ?? '' });
      expect(rest.tasks.map(({ name }) => name)).toEqual(['c']);
      expect(rest).not.toHaveProperty('next');
      expect((await tasks.list({ state: 'queued' })).tasks.map(({ name }) => name)).toEqual(['b', 'c', 'd']);
      expect((await tasks.list({ user: 'ada' })).tasks.map(({ name }) => name)).toEqual(['d']);
      await expect(tasks.get('t-none')).rejects.toMatchObject({ code: 'not-found' });
    }),
  );

  it(
    'is told as it changes',
    withTasks(async ({ tasks }) => {
      const stop = new AbortController();
      const told: number[] = [];
      const watching = (async () => {
        for await (const { ended } of tasks.watchProgress({ batch: 'b1' }, stop.signal)) {
          told.push(ended);
          if (ended === 2) stop.abort();
        }
      })();
      for (const name of ['a', 'b']) await tasks.upload(madeUpload(name));
      for (let left = 2; left > 0; left -= 1) await finish(tasks, await takeOne(tasks), 'result');
      await watching;
      expect(told[0]).toBe(0);
      expect(told.at(-1)).toBe(2);
    }),
  );
});
