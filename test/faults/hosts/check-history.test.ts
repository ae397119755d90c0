import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { HostsHistory, Life } from './history.js';

const life = (instance: string, slot: number, host: string, from: number, to: number): Life => ({
  ...{ instance, slot, host },
  periods: [{ from, to }],
});

/** h1 is gone from 14,000 on, h2 drained from 30,000 to 32,000. */
const sound: HostsHistory = {
  uploaded: [
    { name: 'a.png', expected: { hash: 'A' }, task: 't-1' },
    { name: 'b.txt', expected: { code: 'input-invalid' }, task: 't-2' },
    { name: 'c.png', expected: { hash: 'C' } },
    { name: 'd.png', expected: { hash: 'D' } },
  ],
  final: [
    { id: 't-1', name: 'a.png', state: 'done' },
    { id: 't-2', name: 'b.txt', state: 'failed', error: { code: 'input-invalid', message: 'No image.' } },
    { id: 't-3', name: 'c.png', state: 'failed', error: { code: 'worker-lost', message: 'All died.' } },
  ],
  downloads: new Map([['t-1', 'A']]),
  lives: [
    life('w-0-a', 0, 'h1', 0, 14_000),
    life('w-0-b', 0, 'h2', 14_500, 31_000),
    life('w-0-c', 0, 'h3', 30_500, 40_000),
    life('w-1-a', 1, 'h3', 0, 20_000),
    life('w-1-b', 1, 'h3', 20_100, 40_000),
  ],
  scales: [
    { value: 3, from: 0, to: 0 },
    { value: 2, from: 25_000, to: 25_100 },
  ],
  serviceViews: [{ value: 3, from: 100, to: 110 }],
  drains: new Map([
    ['h1', [{ value: false, from: 0, to: 0 }]],
    [
      'h2',
      [
        { value: false, from: 0, to: 0 },
        { value: true, from: 30_000, to: 30_010 },
        { value: false, from: 31_990, to: 32_000 },
      ],
    ],
  ]),
  hostViews: new Map([['h2', [{ value: true, from: 30_100, to: 30_110 }]]]),
  surprises: [],
  ready: [
    { id: 'w-1-b', slot: 1, host: 'h3' },
    { id: 'w-0-c', slot: 0, host: 'h3' },
  ],
  orphans: [],
};

const [done] = sound.final;
const planted: readonly (readonly [string, Partial<HostsHistory>, string, string])[] = [
  ['an acknowledged task that is gone', { final: sound.final.slice(1) }, 'lost', 'a.png was acknowledged'],
  [
    'two tasks of a file',
    { final: [...sound.final, { id: 't-9', name: 'a.png', state: 'done' }] },
    'doubled',
    'a.png has 2 tasks',
  ],
  [
    'a task of no file',
    { final: [...sound.final, { id: 't-9', name: 'z', state: 'done' }] },
    'wrong',
    't-9 is of z',
  ],
  ['other bytes', { downloads: new Map([['t-1', 'X']]) }, 'wrong', 'a.png is done X, and not done A'],
  ['no bytes', { downloads: new Map() }, 'wrong', 'a.png is done without a result'],
  [
    'no end',
    { final: [{ id: 't-1', name: 'a.png', state: 'leased' }, ...sound.final.slice(1)] },
    'wrong',
    'a.png is leased, and not done A',
  ],
  [
    'a failure of a good file',
    {
      final: [
        { ...done, id: 't-1', name: 'a.png', state: 'failed', error: { code: 'internal', message: 'x' } },
        ...sound.final.slice(1),
      ],
    },
    'wrong',
    'a.png is failed internal',
  ],
  [
    'a failure without a reason',
    {
      final: [
        { id: 't-2', name: 'b.txt', state: 'failed', error: { code: 'input-invalid', message: '' } },
        ...sound.final.filter(({ id }) => id !== 't-2'),
      ],
    },
    'wrong',
    'b.txt failed and says not why',
  ],
  [
    'an instance that goes on when another has taken its place',
    { lives: [life('w-0-a', 0, 'h1', 0, 16_500), ...sound.lives.slice(1)] },
    'doubled',
    'slot 0 was worked on by w-0-a on h1 and w-0-b on h2 for 2000 ms',
  ],
  [
    'a move of a slot from a host that is not drained',
    { drains: new Map() },
    'doubled',
    'slot 0 was worked on by w-0-b on h2 and w-0-c on h3 for 500 ms',
  ],
  [
    'two instances of a slot on one host',
    { lives: [...sound.lives, life('w-1-c', 1, 'h3', 39_000, 40_000)] },
    'doubled',
    'w-1-b on h3 and w-1-c on h3 for 1000 ms',
  ],
  [
    'a number of instances that was not asked for',
    { serviceViews: [{ value: 2, from: 100, to: 110 }] },
    'wrong',
    '2 instances were said to be wanted at 100, when others were',
  ],
  [
    'a host that is said to be open',
    { hostViews: new Map([['h2', [{ value: false, from: 30_100, to: 30_110 }]]]) },
    'wrong',
    'h2 was said to be open at 30100, and was not',
  ],
  [
    'an answer that must not be',
    { surprises: ['/hosts was answered 500'] },
    'wrong',
    '/hosts was answered 500',
  ],
  [
    'a slot that is not there',
    { scales: [{ value: 3, from: 0, to: 0 }], serviceViews: [] },
    'wrong',
    'slots 0,1 are ready after all faults, and not 0,1,2',
  ],
  [
    'one slot twice and another not',
    { ready: sound.ready.map((one) => ({ ...one, slot: 0 })) },
    'wrong',
    'slots 0,0 are ready',
  ],
  [
    'an instance on a drained host',
    { drains: new Map([...sound.drains, ['h3', [{ value: true, from: 0, to: 0 }]]]) },
    'wrong',
    'w-0-c is on h3, which is drained',
  ],
  ['a process that is left', { orphans: [42] }, 'wrong', 'process 42 is still there'],
];

describe('the check of a history of hosts', () => {
  it('finds nothing where every promise was kept', () => {
    expect(checkHistory(sound)).toEqual([]);
  });

  it.each(planted)('finds %s', (_name, change, kind, text) => {
    const problems = checkHistory({ ...sound, ...change }).filter((problem) => problem.kind === kind);
    expect(problems.map((problem) => problem.text).join('\n')).toContain(text);
  });
});
