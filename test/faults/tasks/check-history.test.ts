import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { History, SeenTask } from './history.js';

const good: SeenTask = {
  id: 't-1',
  name: 'a.png',
  state: 'done',
  original: { hash: 'a' },
  result: { hash: 'A' },
};
const bad: SeenTask = {
  id: 't-2',
  name: 'b.txt',
  state: 'failed',
  original: { hash: 'b' },
  error: { code: 'input-invalid', message: 'This is no image.' },
};
const counts = { uploading: 0, queued: 0, leased: 0, done: 1, failed: 1, cancelled: 0 };
const filter = { name: 'invert', parameters: {} };

const sound: History = {
  files: [
    { name: 'a.png', filter, expected: { hash: 'A' } },
    { name: 'b.txt', filter, expected: { code: 'input-invalid' } },
  ],
  uploaded: [
    { name: 'a.png', task: 't-1' },
    { name: 'b.txt', task: 't-2' },
    { name: 'b.txt', task: 't-2' },
  ],
  accepted: [{ worker: 'w1', task: 't-1' }],
  listings: [[], [good]],
  final: [good, bad],
  progress: { counts, total: 2, ended: 2 },
  queue: { ready: 0, delayed: 0, leased: 0, dead: 0 },
  blobs: ['a', 'A', 'b'],
  downloads: new Map([['t-1', 'A']]),
  orphans: [],
  surprises: [],
};

const lost: SeenTask = { ...good, state: 'failed', error: { code: 'worker-lost', message: 'All died.' } };
const { result: _, ...withoutResult } = lost;

const planted: readonly (readonly [string, Partial<History>, string])[] = [
  ['a task that is gone', { final: [bad] }, 'a.png has 0 tasks'],
  ['two tasks of a file', { final: [good, { ...good, id: 't-3' }, bad] }, 'a.png has 2 tasks'],
  [
    'a task of no file',
    { final: [good, bad, { ...good, id: 't-3', name: 'c' }] },
    't-3 is of c, which nobody',
  ],
  ['other bytes', { final: [{ ...good, result: { hash: 'X' } }, bad] }, 'a.png is done X, and not done A'],
  [
    'a result of a bad file',
    { final: [good, { ...good, id: 't-2', name: 'b.txt' }] },
    'b.txt is done A, and not',
  ],
  ['no end', { final: [{ ...good, state: 'leased' }, bad] }, 'a.png is leased, and not done A'],
  [
    'a failure without a reason',
    { final: [good, { ...bad, error: { code: 'input-invalid', message: '' } }] },
    'b.txt failed and says not why',
  ],
  ['a download of other bytes', { downloads: new Map([['t-1', 'X']]) }, 'a.png was downloaded as X'],
  [
    'an acknowledged task that is another',
    { uploaded: [{ name: 'a.png', task: 't-9' }] },
    'a.png was acknowledged as t-9, which is of nothing',
  ],
  [
    'two results that count',
    {
      accepted: [
        { worker: 'w1', task: 't-1' },
        { worker: 'w2', task: 't-1' },
      ],
    },
    't-1 was accepted from w1 and w2',
  ],
  [
    'a result that counted and does not',
    { accepted: [{ worker: 'w1', task: 't-2' }] },
    't-2 was accepted from w1 and is failed',
  ],
  [
    'an end that changed',
    { listings: [[{ ...good, result: { hash: 'X' } }]] },
    't-1 was done X, and then done A',
  ],
  ['an end that is gone', { listings: [[{ ...good, id: 't-7' }]] }, 't-7 had ended, and is gone'],
  [
    'wrong counts',
    { progress: { counts: { ...counts, done: 2 }, total: 2, ended: 2 } },
    '1 tasks are done, and 2',
  ],
  ['a wrong total', { progress: { counts, total: 3, ended: 2 } }, '2 tasks ended, and 2 of 3'],
  [
    'a message that is left',
    { queue: { ready: 0, delayed: 0, leased: 1, dead: 0 } },
    'the queue has 1 messages that are leased',
  ],
  ['a blob that is left', { blobs: ['a', 'A', 'b', 'z'] }, 'blob z is of no task'],
  ['a blob that is gone', { blobs: ['a', 'b'] }, 'blob A is not there'],
  ['a process that is left', { orphans: [42] }, 'process 42 is still there'],
  ['a surprise', { surprises: ['worker w1 ended with 1'] }, 'worker w1 ended with 1'],
];

describe('the check of a history', () => {
  it('finds nothing where every promise was kept', () => {
    expect(checkHistory(sound)).toEqual([]);
  });

  it('takes a failure for want of workers, whatever the file is', () => {
    const history: History = {
      ...sound,
      accepted: [],
      listings: [],
      final: [withoutResult, bad],
      progress: { counts: { ...counts, done: 0, failed: 2 }, total: 2, ended: 2 },
      blobs: ['a', 'b'],
    };
    expect(checkHistory(history)).toEqual([]);
  });

  it.each(planted)('finds %s', (_name, change, problem) => {
    const problems = checkHistory({ ...sound, ...change });
    expect(problems.map(({ text }) => text).join('\n')).toContain(problem);
  });
});
