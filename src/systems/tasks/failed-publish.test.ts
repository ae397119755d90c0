import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectError } from '../../kernel/errors/expect-error.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue, Queues } from '../../kernel/queue/index.js';
import type { State } from '../../kernel/state/index.js';
import { type MadeTasks, madeTasks, madeUpload, withOthers } from './made-tasks.js';
import { openTasks } from './open-tasks.js';
import { taskPrefix } from './store/task-store.js';
import type { TakenTask, Tasks } from './tasks-api.js';

const away = () => Promise.reject(new StarlingError('storage-unavailable', 'The engine is away.'));
const signal = new AbortController().signal;

let made: MadeTasks;
let tasks: Tasks;
/** What the engines do instead of what they should, while it is there. */
let publish: Queue['publish'] | undefined;
let transaction: State['transaction'] | undefined;

beforeEach(async () => {
  made = await madeTasks();
  await made.tasks.close();
  publish = undefined;
  transaction = undefined;
  const state = withOthers<State>(made.state, {
    transaction: (...given) => (transaction ?? made.state.transaction.bind(made.state))(...given),
  });
  const open: Queues['open'] = async (...given) => {
    const queue = await made.queues.open(...given);
    return withOthers<Queue>(queue, {
      publish: (...message) => (publish ?? queue.publish.bind(queue))(...message),
    });
  };
  const queues = withOthers<Queues>(made.queues, { open });
  const { blobs, clock } = made;
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  tasks = await openTasks({ state, queues, blobs, clock, logger });
});

afterEach(async () => {
  await tasks.close();
  await made.close();
});

async function takeOne(): Promise<TakenTask | undefined> {
  return (await tasks.take({ worker: 'w', max: 1, waitMs: 60_000, signal }))[0];
}

it('keeps a task that somebody was told of while it was being taken back', async () => {
  publish = () => {
    publish = undefined;
    return away();
  };
  let told: Promise<{ readonly duplicate: boolean }> | undefined;
  transaction = async (...given) => {
    const [{ success }] = given;
    // the same file comes again just before the first is taken back
    if (success.some((operation) => 'delete' in operation && operation.delete.startsWith(taskPrefix))) {
      transaction = undefined;
      told = tasks.upload(madeUpload('a'));
      await told;
    }
    return made.state.transaction(...given);
  };
  await expectError(tasks.upload(madeUpload('a')), 'storage-unavailable');
  expect((await told)?.duplicate).toBe(true);
  expect((await tasks.list()).tasks.map(({ name, state }) => [name, state])).toEqual([['a', 'queued']]);
  expect((await takeOne())?.task.name).toBe('a');
});

it('takes a task back later, where it could be neither published nor taken back', async () => {
  publish = () => {
    transaction = away;
    return away();
  };
  await expectError(tasks.upload(madeUpload('a')), 'storage-unavailable');
  publish = undefined;
  transaction = undefined;
  const stop = new AbortController();
  const changes = made.state.watch(taskPrefix, { signal: stop.signal });
  made.clock.advance(1_000);
  for await (const change of changes) {
    expect(change.changes.map(({ type }) => type)).toEqual(['delete']);
    stop.abort();
  }
  const { task, duplicate } = await tasks.upload(madeUpload('a'));
  expect([duplicate, (await takeOne())?.task.id]).toEqual([false, task.id]);
});

it('has a task that is to be tried again be in the queue later, where it could not be published', async () => {
  const { task } = await tasks.upload(madeUpload('a'));
  const taken = await takeOne();
  if (taken === undefined) throw new Error('no task was given');
  const error = { code: 'input-invalid', message: 'This is no image.' } as const;
  await tasks.fail(task.id, taken.lease, { error, retryable: false });
  publish = away;
  await expectError(tasks.retry(task.id, 'ada'), 'storage-unavailable');
  publish = undefined;
  const taking = takeOne();
  made.clock.advance(1_000);
  expect((await taking)?.task).toMatchObject({ id: task.id, round: 2 });
});
