import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { Delivered, Finishing, Publishing, QueueHistory } from './history.js';

const published = (body: string, sequence: number, at = sequence): Publishing => ({
  ...{ client: 'p', body, sequence, calledAt: at, at, ending: 'acknowledged' },
});
const delivered = (body: string, sequence: number, at: number, attempt = 1): Delivered => ({
  ...{ client: 'w', body, sequence, attempt, calledAt: at, at },
});
const finished = (body: string, at: number, how: Finishing['how'] = 'ack'): Finishing => ({
  ...{ client: 'w', body, how, calledAt: at, at, ending: 'acknowledged' },
});

const sound: QueueHistory = {
  publishings: [
    published('a', 1),
    published('b', 2),
    { ...published('c', 3), ending: 'unknown' },
    published('d', 4),
  ],
  deliveries: [delivered('a', 1, 10), delivered('b', 2, 10), delivered('b', 2, 20, 2), delivered('d', 4, 10)],
  finishings: [
    finished('a', 11),
    { ...finished('b', 12), ending: 'unknown' },
    finished('b', 21),
    finished('d', 11, 'reject'),
  ],
  dead: [{ body: 'd', attempts: 1, reason: 'it will not do' }],
  left: 0,
  rules: { capacity: 4, beyond: 0, maxDeliveries: 5, refusesLateAck: true },
};

const planted: readonly (readonly [string, Partial<QueueHistory>, string, string])[] = [
  [
    'a message that is gone',
    { finishings: sound.finishings.slice(1) },
    'lost',
    'a was published, and is gone',
  ],
  [
    'a message of nobody',
    { deliveries: [...sound.deliveries, delivered('x', 9, 10)] },
    'wrong',
    'x was delivered, and never published',
  ],
  [
    'a message that had been refused',
    {
      publishings: [...sound.publishings, { ...published('x', 9), ending: 'refused' }],
      deliveries: [...sound.deliveries, delivered('x', 9, 10)],
    },
    'wrong',
    'x was delivered, and never published',
  ],
  [
    'two places of a message',
    { publishings: [...sound.publishings, published('a', 7)] },
    'doubled',
    'a has the places 1 and 7',
  ],
  [
    'a delivery after the end',
    { deliveries: [...sound.deliveries, delivered('a', 1, 30, 2)] },
    'doubled',
    'a was delivered after it had been finished',
  ],
  [
    'two ends',
    { finishings: [...sound.finishings, finished('a', 12)] },
    'doubled',
    'a was finished by several',
  ],
  [
    'a message that is done and dead',
    { dead: [...sound.dead, { body: 'a', attempts: 5, reason: 'too often' }] },
    'doubled',
    'a was done, and is a dead letter',
  ],
  ['a rejected message that is gone', { dead: [] }, 'lost', 'd was rejected, and is no dead letter'],
  ['a dead letter twice', { dead: [...sound.dead, ...sound.dead] }, 'doubled', 'd is a dead letter twice'],
  [
    'a dead letter of nobody',
    { dead: [...sound.dead, { body: 'x', attempts: 5, reason: '' }] },
    'wrong',
    'x is a dead letter, and never',
  ],
  [
    'a message that was given up too early',
    {
      finishings: sound.finishings.slice(1),
      dead: [...sound.dead, { body: 'a', attempts: 4, reason: 'lapsed' }],
    },
    'wrong',
    'a is a dead letter after 4 deliveries (lapsed)',
  ],
  [
    'more messages than fit',
    { rules: { ...sound.rules, capacity: 2 } },
    'wrong',
    '3 messages were in a queue for 2',
  ],
  [
    'more messages than fit and are on their way',
    { rules: { ...sound.rules, capacity: 1, beyond: 1 } },
    'wrong',
    '3 messages were in a queue for 1 and 1 on their way',
  ],
];

describe('the check of a history of a queue', () => {
  it('finds nothing where every promise was kept', () => {
    expect(checkHistory(sound)).toEqual([]);
  });

  it('lets those that are on their way at one moment pass the bound', () => {
    expect(checkHistory({ ...sound, rules: { ...sound.rules, capacity: 2, beyond: 1 } })).toEqual([]);
  });

  it.each(planted)('finds %s', (_name, change, kind, text) => {
    const problems = checkHistory({ ...sound, ...change }).filter((problem) => problem.kind === kind);
    expect(problems.map((problem) => problem.text).join('\n')).toContain(text);
  });

  it('takes several ends where a late one is not refused', () => {
    const rules = { ...sound.rules, refusesLateAck: false };
    expect(checkHistory({ ...sound, rules, finishings: [...sound.finishings, finished('a', 12)] })).toEqual(
      [],
    );
  });

  it('takes as many that are not done as somebody still has', () => {
    const finishings = sound.finishings.slice(1);
    expect(checkHistory({ ...sound, finishings, left: 1 })).toEqual([]);
  });
});
