import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalBlobs } from '../../../kernel/blobs/index.js';
import { ManualClock } from '../../../kernel/clock/index.js';
import { holdLeadership, type Lead } from '../../../kernel/control/index.js';
import { openLocalQueues } from '../../../kernel/queue/index.js';
import { listEntries, openLocalState } from '../../../kernel/state/index.js';
import { madeUpload, source } from '../made-tasks.js';
import { openTasks } from '../open-tasks.js';
import type { Task, TaskState } from '../task/index.js';
import type { TakenTask, Tasks } from '../tasks-api.js';
import { DoomedProcess, type Engines } from './doomed-process.js';
import { notesPrefix, unclosedPrefix } from './keys.js';

const never = new AbortController().signal;
const logger = { info: () => {}, warn: () => {}, error: () => {} };
const clock = new ManualClock();
/** Moves on its own, so that leases of messages lapse and those of processes do not. */
const queueClock = new ManualClock();
let folder: string;
let engines: Engines;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-crashes-'));
  engines = {
    state: await openLocalState({ folder: join(folder, 'state'), clock }),
    queues: await openLocalQueues({ folder: join(folder, 'queue'), clock: queueClock }),
    blobs: await openLocalBlobs({ folder: join(folder, 'blobs') }),
  };
});

afterEach(async () => {
  const { state, queues, blobs } = engines;
  await Promise.all([state.close(), queues.close(), blobs.close()]);
  await rm(folder, { recursive: true, force: true });
});

function open(on: Engines): Promise<Tasks> {
  const holder = randomUUID();
  const lead: Lead = (name, work) =>
    holdLeadership({ state: on.state, name, holder, ttlMs: 15_000, clock, logger, lead: work });
  return openTasks({ ...on, clock, logger, lead });
}

/** What people were told. */
interface Told {
  /** The states that a task may end in, of every task that is there. */
  readonly ends: Map<string, readonly TaskState[]>;
  upload?: string;
  hasFirstPart?: boolean;
}

/** What people and workers do, so that each kind of write comes, some of them at once. */
async function work(tasks: Tasks, batch: string, told: Told): Promise<void> {
  const upload = async (name: string) => {
    const { task } = await tasks.upload(madeUpload(name, `${batch} ${name}`, batch));
    told.ends.set(task.id, ['done']);
    return task.id;
  };
  // either way, until it is told that it is done
  const turn = async (id: string, end: TaskState, act: () => Promise<unknown>) => {
    told.ends.set(id, [...(told.ends.get(id) ?? []), end]);
    await act();
    told.ends.set(id, [end]);
  };
  await Promise.all([upload('a'), upload('b')]);
  await finish(tasks, await takeOne(tasks));
  const failing = await takeOne(tasks);
  const error = { code: 'input-invalid', message: 'This is no image.' } as const;
  const { id: failed } = failing.task;
  await turn(failed, 'failed', () => tasks.fail(failed, failing.lease, { error, retryable: false }));
  await turn(failed, 'done', () => tasks.retry(failed, 'ada'));
  const cancelled = await upload('c');
  await turn(cancelled, 'cancelled', () => tasks.cancel(cancelled, 'ada'));
  const { filter, mediaType } = madeUpload('d');
  const { id } = await tasks.resumable.create({ name: 'd', batch, filter, mediaType, size: 6, metadata: {} });
  told.upload = id;
  await tasks.resumable.append(id, 0, source('abc'));
  told.hasFirstPart = true;
  const { task = '' } = await tasks.resumable.append(id, 3, source('def'));
  told.ends.set(task, ['done']);
  await finish(tasks, await takeOne(tasks));
}

async function takeOne(tasks: Tasks): Promise<TakenTask> {
  const [taken] = await tasks.take({ worker: 'w', max: 1, waitMs: 0, signal: never });
  if (taken === undefined) throw new Error('no task was given');
  return taken;
}

async function finish(tasks: Tasks, { task, lease }: TakenTask): Promise<void> {
  await tasks.complete(task.id, lease, { source: source(randomUUID()), mediaType: 'image/png' });
}

/** Resolves when nothing is known of processes by these leases any more. */
async function untilForgotten(leases: readonly string[]): Promise<void> {
  const { state } = engines;
  const stop = new AbortController();
  const changes = state.watch(unclosedPrefix, { signal: stop.signal });
  const isThere = async () =>
    (await Promise.all(leases.map((lease) => state.get(unclosedPrefix + lease)))).some(
      (entry) => entry !== undefined,
    );
  if (!(await isThere())) return stop.abort();
  for await (const _ of changes) if (!(await isThere())) stop.abort();
}

/** Has another process do what is left, and holds everything against what was told. */
async function assertRight(survivor: Tasks, told: Told): Promise<void> {
  const { state, blobs } = engines;
  const ends = new Map(told.ends);
  if (told.upload !== undefined) {
    const { offset, task } = await survivor.resumable.get(told.upload);
    expect(offset).toBeGreaterThanOrEqual(told.hasFirstPart === true ? 3 : 0);
    const finished = async (id: string) =>
      (await survivor.resumable.append(id, offset, source('abcdef'.slice(offset)))).task;
    ends.set(task ?? (await finished(told.upload)) ?? '', ['done']);
  }
  for (;;) {
    queueClock.advance(60_000);
    const taken = await survivor.take({ worker: 's', max: 10, waitMs: 0, signal: never });
    if (taken.length === 0) break;
    for (const one of taken) await finish(survivor, one);
  }
  const needed = new Set<string>();
  const states = new Map<string, TaskState>();
  for await (const { value } of listEntries(state, '/tasks/items/')) {
    const { id, state: at, original, result } = value as unknown as Task;
    states.set(id, at);
    needed.add(`original ${original?.hash}`);
    if (result !== undefined) needed.add(`result ${result.hash}`);
  }
  expect(['done', 'cancelled', 'failed']).toEqual(expect.arrayContaining([...new Set(states.values())]));
  for (const [id, may] of ends) expect(may).toContain(states.get(id));
  const found = new Set<string>();
  await blobs.sweep((owner, hash) => {
    found.add(`${owner.split('/')[2]} ${hash}`);
    return true;
  });
  expect(found).toEqual(needed);
}

describe('a process that dies after any of its writes', () => {
  it.each([
    { what: 'while another leads', leads: false },
    { what: 'while it leads', leads: true },
  ])('leaves nothing behind, and takes nothing along, $what', { timeout: 300_000 }, async ({ leads }) => {
    let survivor = leads ? undefined : await open(engines);
    let isWhole = false;
    for (let writes = 0; !isWhole; writes += leads ? 3 : 1) {
      const doomed = new DoomedProcess(engines, writes);
      const opening = open(doomed.engines);
      if (leads) {
        await Promise.race([opening, doomed.death]);
        survivor = await open(engines);
      }
      if (survivor === undefined) throw new Error('nobody survives');
      const told: Told = { ends: new Map() };
      const life = async () => {
        const tasks = await opening;
        await work(tasks, `batch ${writes}`, told);
        await tasks.close();
        isWhole = true;
      };
      await Promise.race([life(), doomed.death]);
      if (!isWhole) await doomed.loseLeases();
      await untilForgotten(doomed.leases);
      await assertRight(survivor, told);
      if (leads) await survivor.close();
    }
    await survivor?.close();
    // nothing is left of notes either
    for (const prefix of [notesPrefix, unclosedPrefix])
      expect((await engines.state.list(prefix)).entries).toEqual([]);
  });
});
