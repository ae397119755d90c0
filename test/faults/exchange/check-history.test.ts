import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { ExchangeHistory, Operation, SeenRequest } from './history.js';
import { all, answered, asked, change, history, merged } from './made-history.js';

const toldOf = (problems: ReturnType<typeof checkHistory>) =>
  problems.map(({ kind, text }) => `${kind}: ${text}`).join('\n');

const seen = (more: Partial<SeenRequest>, base: SeenRequest = answered): Operation => ({
  ...asked,
  seen: { ...base, ...more },
});
const mergedAs = (more: Partial<SeenRequest>): Operation => ({ ...seen(more, merged), question: 'merged' });
const problem = (code: string, more: Partial<Operation> = {}): Operation => {
  const { seen: _seen, ...rest } = asked;
  return { ...rest, ending: 'refused', code, ...more };
};
const nothing: readonly string[] = [];
const failed = { listed: [{ id: 'r-1', state: 'failed' }] };
const fault = { kind: 'kill', target: 'VU', from: 90, to: 95 };
const followed = (...events: (readonly [number, string])[]): Operation => ({
  ...asked,
  ...{ kind: 'follow', after: 0, events: events.map(([id, type]) => ({ id, type })) },
});
const listed = (ids: readonly string[], isLast = true): Operation => ({
  ...{ client: 'desk/1', kind: 'list', calledAt: 200, at: 210, ending: 'acknowledged', gateway: 'gateway2' },
  page: { ids, isLast },
});
const own: Operation = {
  ...{ client: 'desk/0', kind: 'change agreement', calledAt: 10, at: 15, ending: 'acknowledged' },
  gateway: 'gateway',
};

/** Histories in which every promise was kept. */
const sound: readonly (readonly [string, ExchangeHistory])[] = [
  ['an answer of both', history([asked])],
  ['a merged answer', history([mergedAs({})])],
  [
    'an answer of one, while the other was away',
    history([seen({ results: answered.results.slice(0, 1), absent: ['UVA'] })], { faults: [fault] }),
  ],
  [
    'an answer of one, while the other had withdrawn it',
    history([seen({ results: answered.results.slice(1), refused: [{ provider: 'VU' }] })], {
      changes: [change(1, nothing, 50)],
    }),
  ],
  ['an answer as it was being withdrawn', history([asked], { changes: [change(1, nothing, 105)] })],
  [
    'an answer after it was allowed again',
    history([asked], { changes: [change(1, nothing, 50), change(2, all, 60)] }),
  ],
  [
    'a refusal that the owner wanted',
    history([problem('request-refused')], { ...failed, changes: [change(1, ['dataThroughTtp'], 50)] }),
  ],
  [
    'a refusal of which nobody knows whether the owner wanted it',
    history([problem('request-refused')], {
      ...failed,
      changes: [change(1, nothing, 50, { ending: 'unknown' }), change(2, all, 102)],
    }),
  ],
  [
    'a refusal by what a gateway had not heard of',
    history([problem('request-refused')], {
      ...failed,
      changes: [change(1, nothing, 50), change(2, all, 60, { isAtAgent: true })],
    }),
  ],
  ['a failure by a fault', history([problem('run-died')], { ...failed, faults: [fault] })],
  [
    'a cancelled one',
    history([problem('request-cancelled', { kind: 'cancel' })], {
      listed: [{ id: 'r-1', state: 'cancelled' }],
    }),
  ],
  [
    'a read of a job that was asked again, in which one does not take part',
    history([{ ...seen({ results: answered.results.slice(0, 1) }), kind: 'read' }]),
  ],
  ['one who asked too often', history([problem('rate-limited')], failed)],
  ['events to the end', history([followed([1, 'received'], [2, 'approved'], [3, 'answered'])])],
  [
    'events of a gateway that is being stopped',
    history([followed([1, 'received'], [2, 'approved'])], {
      faults: [{ kind: 'restart gateway', target: 'gateway', from: 105, to: 120 }],
    }),
  ],
  [
    'events of a gateway that is gone, ended by another',
    history(
      [
        {
          ...followed([1, 'received'], [2, 'approved'], [10_001, 'failed']),
          seen: { ...answered, state: 'failed' },
        },
      ],
      failed,
    ),
  ],
  ['lists of what was told', history([asked, listed(['r-0', 'r-1']), listed(['r-0'], false)])],
  ['a change', history([own], { changes: [change(1, nothing, 10)] })],
];

/** What has to be found, and where. */
const planted: readonly (readonly [string, ExchangeHistory, string])[] = [
  [
    'wrong figures',
    history([mergedAs({ results: [{ ...merged.results[0], providers: ['UVA', 'VU'], rows: [4] }] })]),
    'wrong: .*UVA,VU is \\[4\\]',
  ],
  [
    'figures of one that are called those of both',
    history([
      mergedAs({ results: [{ providers: ['UVA', 'VU'], archetype: 'federatedAggregate', rows: [1] }] }),
    ]),
    'wrong: .*UVA,VU is \\[1\\]',
  ],
  [
    'a provider twice',
    history([seen({ results: [...answered.results, ...answered.results.slice(0, 1)] })]),
    'doubled: .*VU is in two results',
  ],
  [
    'an empty answer',
    history([seen({ results: [], absent: ['VU', 'UVA'] })], { faults: [fault] }),
    'wrong: .*answered with nothing',
  ],
  [
    'an answer that is silent of one',
    history([seen({ results: answered.results.slice(1) })]),
    'wrong: .*nothing is said of VU',
  ],
  [
    'an answer without one that it could not go without',
    history(
      [
        mergedAs({
          results: [
            {
              ...{ providers: ['UVA'], archetype: 'federatedAggregate', rows: [2] },
              absent: [{ provider: 'VU', error: { code: 'run-died' } }],
            },
          ],
        }),
      ],
      { faults: [fault] },
    ),
    'wrong: .*without VU, which it could not go without',
  ],
  [
    'another archetype than was asked for',
    history([seen({ results: answered.results.map((one) => ({ ...one, archetype: 'dataThroughTtp' })) })]),
    'wrong: .*answered as dataThroughTtp, and not as computeToData',
  ],
  [
    'an answer that was not allowed at any time of it',
    history([asked], { changes: [change(1, nothing, 50)] }),
    'wrong: .*VU did not allow computeToData at any time of it',
  ],
  [
    'an answer by a version that nobody had acknowledged, and another replaced',
    history([asked], {
      changes: [change(1, nothing, 20), change(2, all, 30, { ending: 'unknown' }), change(3, nothing, 50)],
    }),
    'wrong: .*VU did not allow computeToData',
  ],
  [
    'an answer that was made after it was withdrawn',
    history([{ ...seen({ endedAt: new Date(7_000).toISOString() }), calledAt: 0, at: 8_000 }], {
      changes: [change(1, nothing, 1_000)],
    }),
    'wrong: .*VU had withdrawn computeToData when it was answered',
  ],
  [
    'a refusal that nobody wanted',
    history([problem('request-refused')], failed),
    'wrong: .*VU and UVA ended with request-refused, which nothing explains',
  ],
  [
    'a refusal by an agreement that a gateway had acknowledged to be gone',
    history([problem('request-refused')], {
      ...failed,
      changes: [change(1, nothing, 50), change(2, all, 60)],
    }),
    'wrong: .*request-refused, which nothing explains',
  ],
  [
    'a refusal of one provider that it did not want',
    history([seen({ results: answered.results.slice(1), refused: [{ provider: 'VU' }] })]),
    'wrong: .*VU ended with request-refused, which nothing explains',
  ],
  [
    'one that is said to be away, and nothing failed',
    history([seen({ results: answered.results.slice(0, 1), absent: ['UVA'] })]),
    'wrong: .*UVA ended with provider-unavailable, which nothing explains',
  ],
  [
    'a failure of its own',
    history([problem('internal')], { ...failed, faults: [fault] }),
    'wrong: .*ended with internal',
  ],
  [
    'a result that failed in another way',
    history([
      seen({ results: [{ providers: ['VU'], error: { code: 'run-failed' } }, ...answered.results.slice(1)] }),
    ]),
    'wrong: .*VU ended with run-failed',
  ],
  [
    'an order that was refused without a change',
    history([problem('order-refused')], failed),
    'wrong: .*order-refused, which nothing explains',
  ],
  [
    'a dry run that promises what nobody allows',
    history(
      [
        {
          ...{ client: 'desk/0', kind: 'dry run', calledAt: 9_000, at: 9_010, ending: 'acknowledged' },
          ...{ gateway: 'gateway', question: 'own', decisions: [{ provider: 'VU', approved: true }] },
        },
      ],
      { changes: [change(1, nothing, 50)] },
    ),
    'wrong: .*VU is said to allow it, and did not',
  ],
  ['no end', history([], { listed: [{ id: 'r-6', state: 'running' }] }), 'wrong: r-6 has no end'],
  [
    'one id of two requests',
    history([asked, { ...asked, client: 'desk/1' }]),
    'doubled: .*the id of another request',
  ],
  ['a request that is gone', history([asked], { listed: [] }), 'lost: .*it was told, and is gone'],
  [
    'a request that another gateway does not know',
    history([asked, problem('not-found', { kind: 'read', gateway: 'gateway2' })]),
    'lost: read own of desk/0 at gateway2.*it was not known there',
  ],
  [
    'an answer that is none afterwards',
    history([asked], failed),
    'lost: .*told to be answered, and is failed',
  ],
  [
    'two ends',
    history([asked, { ...asked, kind: 'read', seen: { ...answered, state: 'cancelled' } }]),
    'lost: read .*told to be cancelled, and is answered',
  ],
  [
    'a failure that is an answer afterwards',
    history([problem('run-died')], { faults: [fault] }),
    'wrong: .*told to be run-died, and is answered',
  ],
  [
    'an event twice',
    history([followed([1, 'received'], [1, 'received'], [2, 'answered'])]),
    'doubled: .*event 1 came after 1',
  ],
  ['a gap in events', history([followed([1, 'received'], [3, 'answered'])]), 'lost: .*event 3 came after 1'],
  [
    'an event after the end',
    history([followed([1, 'answered'], [2, 'run-done'], [3, 'answered'])]),
    'wrong: .*answered was not its last event',
  ],
  [
    'events without an end',
    history([followed([1, 'received'], [2, 'approved'])]),
    'wrong: .*its events ended with approved',
  ],
  [
    'events with another end',
    history([followed([1, 'received'], [2, 'cancelled'])]),
    'wrong: .*its events ended with cancelled, and it is answered',
  ],
  [
    'a list without one',
    history([asked, listed(['r-0', 'r-2'], false)]),
    'lost: .*r-1 had been told, and is not in the list',
  ],
  ['a list out of order', history([listed(['r-2', 'r-1'])], {}), 'wrong: .*the list is out of order'],
  [
    'a change that is lost',
    history([own], { changes: [change(1, nothing, 10)], versions: { VU: [0], UVA: [0] } }),
    'lost: change 1 of the agreement of VU was acknowledged, and never made',
  ],
  [
    'a change that was made twice',
    history([own], { changes: [change(1, nothing, 10)], versions: { VU: [0, 1, 1], UVA: [0] } }),
    'doubled: change 1 of the agreement of VU was made 2 times',
  ],
  [
    'a change that was refused, and made',
    history([own], { changes: [change(1, nothing, 10, { ending: 'refused' })] }),
    'wrong: change 1 of the agreement of VU was refused, and made all the same',
  ],
  [
    'an agreement of nobody',
    history([], { versions: { VU: [0, -1], UVA: [0] } }),
    'wrong: an agreement of VU is none that its owner put',
  ],
  ['rows that are left', history([], { leftRows: ['received/x'] }), 'wrong: rows were left in received/x'],
  ['a broken audit log', history([], { auditProblems: ['VU: a gap'] }), 'wrong: VU: a gap'],
];

describe('the check of a history of requests', () => {
  it.each(sound)('finds nothing in %s', (_name, given) => {
    expect(toldOf(checkHistory(given))).toBe('');
  });

  it.each(planted)('finds %s', (_name, given, text) => {
    expect(toldOf(checkHistory(given))).toMatch(new RegExp(text));
  });
});
