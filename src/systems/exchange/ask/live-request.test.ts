import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { LiveRequest } from './live-request.js';
import { madeRecord } from './made-record.js';
import type { RequestEvent } from './request-record.js';

const never = new AbortController().signal;

function liveRequest(): LiveRequest {
  let time = 0;
  return new LiveRequest(madeRecord(undefined, { events: [] }), () => {
    time += 1;
    return time;
  });
}

/** Everything that a follower is told, and the sequences alone. */
async function followed(
  live: LiveRequest,
  after = 0,
  signal: AbortSignal = never,
  onEvent: (event: RequestEvent) => void = () => undefined,
): Promise<number[]> {
  const sequences: number[] = [];
  for await (const event of live.follow(after, signal)) {
    sequences.push(event.sequence);
    onEvent(event);
  }
  return sequences;
}

const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, i) => i + from);

describe('events', () => {
  it('are numbered from 1 with the time they came at', () => {
    const live = liveRequest();
    live.event('received', 'Ada asks VU.');
    live.event('approved', 'VU allows it.', 'VU');
    expect(live.record.events).toEqual([
      { sequence: 1, at: 1, type: 'received', message: 'Ada asks VU.' },
      { sequence: 2, at: 2, type: 'approved', message: 'VU allows it.', party: 'VU' },
    ]);
  });

  it('of progress are left out when there are very many, and how it ends never is', async () => {
    const live = liveRequest();
    for (let count = 0; count < 1_100; count += 1) live.event('run-progress', 'execute', 'VU');
    expect(live.record.events).toHaveLength(1_000);
    live.event('run-done', 'VU is done.', 'VU');
    live.event('answered', 'Answered by one result.');
    live.finish();
    expect(live.record.events.slice(-2).map(({ sequence, type }) => [sequence, type])).toEqual([
      [1_001, 'run-done'],
      [1_002, 'answered'],
    ]);
    expect(await followed(live)).toEqual(upTo(1_002));
  });
});

describe('a follower', () => {
  it('is told what was before and what comes, each once and in order, until the end', async () => {
    const live = liveRequest();
    live.event('received', 'one');
    const following = followed(live, 0, never, ({ sequence }) => {
      if (sequence < 5) live.event('run-progress', 'more');
      else live.finish();
    });
    expect(await following).toEqual([1, 2, 3, 4, 5]);
  });

  it('is one of many, who hear the same whenever they come and from wherever they read', async () => {
    const step = fc.oneof(
      fc.constant('event'),
      fc.nat(5).map((after) => ({ after })),
      fc.constant('turn'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const live = liveRequest();
        const followers: { after: number; heard: Promise<number[]> }[] = [];
        for (const one of steps) {
          if (one === 'event') live.event('run-progress', 'execute');
          else if (one === 'turn') await Promise.resolve();
          else if (typeof one === 'object')
            followers.push({ after: one.after, heard: followed(live, one.after) });
        }
        live.event('answered', 'done');
        live.finish();
        const last = live.record.events.length;
        for (const { after, heard } of followers) expect(await heard).toEqual(upTo(last, after + 1));
      }),
    );
  });

  it('resumes after the event that it saw last', async () => {
    const live = liveRequest();
    for (const message of ['one', 'two', 'three']) live.event('run-progress', message);
    live.finish();
    expect(await followed(live, 2)).toEqual([3]);
    expect(await followed(live, 3)).toEqual([]);
  });

  it('that goes away hears no more, and holds up nobody', async () => {
    const live = liveRequest();
    const away = new AbortController();
    live.event('received', 'one');
    const leaving = followed(live, 0, away.signal, () => away.abort());
    const staying = followed(live);
    expect(await leaving).toEqual([1]);
    live.event('answered', 'two');
    live.finish();
    expect(await staying).toEqual([1, 2]);
  });

  it('that waits for news ends when it goes away', async () => {
    const live = liveRequest();
    const away = new AbortController();
    const leaving = followed(live, 0, away.signal);
    await Promise.resolve();
    away.abort();
    expect(await leaving).toEqual([]);
  });
});

describe('stopping', () => {
  it('aborts what runs, once, with its reason', () => {
    const live = liveRequest();
    expect(() => live.throwIfStopped()).not.toThrow();
    live.stop(new StarlingError('request-cancelled', 'The request was cancelled.'));
    live.stop(new StarlingError('shutting-down', 'Too late.'));
    expect(live.signal.aborted).toBe(true);
    expect(() => live.throwIfStopped()).toThrow('The request was cancelled.');
  });
});

describe('finishing', () => {
  it('hands over the record as it is then', async () => {
    const live = liveRequest();
    live.change({ state: 'answered', endedAt: 9 });
    live.finish();
    expect(await live.ended).toEqual(live.record);
    expect(live.record).toMatchObject({ state: 'answered', endedAt: 9 });
  });
});

describe('runs', () => {
  it('are kept one for each party, place and archetype, as they are last', () => {
    const live = liveRequest();
    const run = {
      party: 'VU',
      place: 'dataProvider',
      archetype: 'computeToData',
      steps: [],
      startedAt: 1,
      phases: [],
      read: [],
    } as const;
    live.run({ ...run, state: 'running' });
    live.run({ ...run, place: 'computeProvider', state: 'running' });
    live.run({ ...run, place: 'computeProvider', archetype: 'dataThroughTtp', state: 'running' });
    live.run({ ...run, state: 'done', endedAt: 2 });
    expect(live.record.runs.map(({ place, state }) => [place, state])).toEqual([
      ['computeProvider', 'running'],
      ['computeProvider', 'running'],
      ['dataProvider', 'done'],
    ]);
  });
});
