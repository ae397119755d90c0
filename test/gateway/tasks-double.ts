import { Readable } from 'node:stream';
import type { Queue, QueueStats, Queues } from '../../src/kernel/queue/index.js';
import { type Progress, type Task, type Tasks, taskStates } from '../../src/systems/tasks/index.js';

const file = { hash: '0'.repeat(64), bytes: 5, mediaType: 'image/png' };

/** Tasks where `user` has `t-1`, which somebody works on and which has its result all the same: for who may do what. */
export function tasksDouble(user: string): Tasks {
  const task: Task = {
    id: 't-1',
    name: 'a.png',
    batch: 'b1',
    filter: { name: 'keep', parameters: {} },
    state: 'leased',
    user,
    createdAt: 0,
    original: file,
    result: file,
    round: 1,
    attempts: 1,
    lease: { token: 'l-1', worker: 'photo-worker-1', until: 60_000 },
    history: [],
  };
  const counts = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<Task['state'], number>;
  const progress: Progress = { counts, total: 0, ended: 0, rate: 0 };
  const same = async () => task;
  const { name, batch, filter } = task;
  const upload = async () => ({
    ...{ id: 'u-1', name, batch, filter, user, mediaType: 'image/png', size: 5, offset: 0 },
    ...{ metadata: {}, expiresAt: 0 },
  });
  return {
    maxUploadBytes: 1_000,
    resumable: {
      list: async () => ({ uploads: [] }),
      create: upload,
      get: upload,
      append: upload,
      remove: async () => {},
    },
    upload: async () => ({ task, duplicate: false }),
    get: same,
    list: async () => ({ tasks: [task] }),
    progress: () => progress,
    async *watchProgress() {
      yield progress;
    },
    read: async () => ({ file, stream: Readable.from([Buffer.from('bytes')]) }),
    cancel: same,
    retry: same,
    retryFailed: async () => [],
    take: async () => [{ task, lease: 'l-1', leaseMs: 60_000 }],
    extend: same,
    complete: same,
    fail: same,
    giveBack: same,
    queueStats: async () => stats,
    close: async () => {},
  };
}

const stats: QueueStats = {
  name: 'tasks',
  ready: 0,
  delayed: 0,
  leased: 0,
  dead: 0,
  capacity: 10,
  fill: 0,
  oldestAgeMs: 0,
  inRate: 0,
  outRate: 0,
  redelivered: 0,
  paused: false,
};

/** Queues of which there is one, `tasks`, with nothing in it. */
export function queuesDouble(): Queues {
  const nothing = async () => {};
  const queue: Queue = {
    name: 'tasks',
    publish: async () => ({ sequence: 1, duplicate: false }),
    take: async () => [],
    ack: nothing,
    nak: nothing,
    reject: nothing,
    extend: nothing,
    pause: nothing,
    resume: nothing,
    stats: async () => stats,
    deadLetters: async () => ({ deadLetters: [] }),
    retry: nothing,
    forget: nothing,
  };
  return {
    adapter: 'double',
    capabilities: { priorities: true, delayedPublish: true, pause: true, refusesLateAck: true },
    durability: 'none',
    open: async () => queue,
    names: async () => ['tasks'],
    close: nothing,
  };
}
