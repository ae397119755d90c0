import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { Asked, ExchangeHistory } from './history.js';

const dataProviders = ['VU', 'UVA'];
const asked = (id: string, question: string, results: Asked['results']): Asked => ({
  ...{ client: 'desk/0', question, ending: 'acknowledged', id },
  ...(results === undefined ? {} : { results }),
});
const failed: Asked = { client: 'desk/0', question: 'whole', ending: 'refused', id: 'r-3', code: 'run-died' };

const sound: ExchangeHistory = {
  questions: [
    { name: 'own', body: { dataProviders, archetype: 'computeToData' }, isPartial: false },
    { name: 'whole', body: { dataProviders, archetype: 'dataThroughTtp' }, isPartial: false },
    { name: 'partial', body: { dataProviders, archetype: 'dataThroughTtp' }, isPartial: true },
  ],
  asked: [
    asked('r-1', 'own', [
      { providers: ['VU'], rows: [1] },
      { providers: ['UVA'], error: { code: 'run-died' } },
    ]),
    asked('r-2', 'whole', [{ providers: ['VU', 'UVA'], rows: [3] }]),
    failed,
    asked('r-4', 'partial', [{ providers: ['UVA'], rows: [2] }]),
    { client: 'desk/1', question: 'own', ending: 'unknown' },
  ],
  right: new Map([
    ['VU', [1]],
    ['UVA', [2]],
    ['UVA,VU', [3]],
  ]),
  listed: [
    { id: 'r-1', state: 'answered' },
    { id: 'r-2', state: 'answered' },
    { id: 'r-3', state: 'failed' },
    { id: 'r-4', state: 'answered' },
    { id: 'r-5', state: 'cancelled' },
  ],
  leftRows: [],
  auditProblems: [],
};

const instead = (one: Asked): Partial<ExchangeHistory> => ({ asked: [one] });

const planted: readonly (readonly [string, Partial<ExchangeHistory>, string, string])[] = [
  [
    'wrong figures',
    instead(asked('r-2', 'whole', [{ providers: ['UVA', 'VU'], rows: [4] }])),
    'wrong',
    'UVA,VU is [4]',
  ],
  [
    'figures of one that are called those of both',
    instead(asked('r-2', 'whole', [{ providers: ['UVA', 'VU'], rows: [1] }])),
    'wrong',
    'UVA,VU is [1]',
  ],
  [
    'an answer without a provider',
    instead(asked('r-2', 'whole', [{ providers: ['VU'], rows: [1] }])),
    'wrong',
    'without a provider that it could not go without',
  ],
  [
    'a provider twice',
    instead(
      asked('r-1', 'own', [
        { providers: ['VU'], rows: [1] },
        { providers: ['VU'], rows: [1] },
      ]),
    ),
    'doubled',
    'VU is in two results',
  ],
  ['an empty answer', instead(asked('r-1', 'own', [])), 'wrong', 'was answered with nothing'],
  ['an end of another kind', instead({ ...failed, code: 'internal' }), 'wrong', 'ended with internal'],
  [
    'a result that failed in another way',
    instead(asked('r-1', 'own', [{ providers: ['VU'], error: { code: 'internal' } }])),
    'wrong',
    'VU ended with internal',
  ],
  ['no end', { listed: [...sound.listed, { id: 'r-6', state: 'running' }] }, 'wrong', 'r-6 has no end'],
  ['one id of two requests', { asked: [...sound.asked, failed] }, 'doubled', 'r-3 is of two requests'],
  [
    'a request that is gone',
    { listed: sound.listed.slice(1) },
    'lost',
    'r-1 was told to desk/0, and is gone',
  ],
  [
    'an answer that is none afterwards',
    { listed: [{ id: 'r-1', state: 'failed' }, ...sound.listed.slice(1)] },
    'lost',
    'r-1 was answered to desk/0, and is failed',
  ],
  ['rows that are left', { leftRows: ['received/x'] }, 'wrong', 'rows were left in received/x'],
  ['a broken audit log', { auditProblems: ['VU: a gap'] }, 'wrong', 'VU: a gap'],
];

describe('the check of a history of requests', () => {
  it('finds nothing where every promise was kept', () => {
    expect(checkHistory(sound)).toEqual([]);
  });

  it.each(planted)('finds %s', (_name, change, kind, text) => {
    const problems = checkHistory({ ...sound, ...change }).filter((problem) => problem.kind === kind);
    expect(problems.map((problem) => problem.text).join('\n')).toContain(text);
  });
});
