import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock/index.js';
import { eventStream, eventText, keepAliveMs, type SentEvent } from './server-sent-events.js';

/** Events that a test hands over one by one. */
function channel() {
  const waiting: SentEvent[] = [];
  let wake = () => {};
  let ended = false;
  async function* events(signal: AbortSignal): AsyncGenerator<SentEvent> {
    signal.addEventListener('abort', () => wake(), { once: true });
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    events,
    send: (event: SentEvent) => {
      waiting.push(event);
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
  };
}

function open(events: (signal: AbortSignal) => AsyncIterable<SentEvent>) {
  const clock = new ManualClock();
  const closing = new AbortController();
  const failures: unknown[] = [];
  const stream = eventStream({
    events,
    clock,
    signal: closing.signal,
    onFailure: (thrown) => failures.push(thrown),
  });
  stream.setEncoding('utf8');
  const next = async () => {
    const [chunk] = await once(stream, 'data');
    return String(chunk);
  };
  return { clock, closing, failures, stream, next };
}

const first: SentEvent = { id: '1', type: 'received', data: { sequence: 1, message: 'two\nlines' } };

describe('eventText', () => {
  it('has id, type and data as JSON on one line, and ends with an empty line', () => {
    expect(eventText(first)).toBe('id: 1\nevent: received\ndata: {"sequence":1,"message":"two\\nlines"}\n\n');
  });

  it('is one event whatever the data are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const lines = eventText({ id: '1', type: 'x', data }).split('\n');
        expect(lines).toHaveLength(5);
        expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});

describe('eventStream', () => {
  it('begins at once, sends each event as it comes, and ends with them', async () => {
    const { events, send, end } = channel();
    const { clock, stream, next } = open(events);
    expect(await next()).toBe('retry: 2000\n\n');
    send(first);
    expect(await next()).toBe(eventText(first));
    const ended = once(stream, 'end');
    end();
    await ended;
    expect(clock.pendingTimers).toBe(0);
  });

  it('shows that it lives after every 15 seconds without an event', async () => {
    const { events, send } = channel();
    const { clock, stream, next } = open(events);
    await next();
    clock.advance(keepAliveMs);
    expect(await next()).toBe(': keep-alive\n\n');
    clock.advance(keepAliveMs - 1);
    send(first);
    expect(await next()).toBe(eventText(first));
    expect(clock.nextTimerIn).toBe(keepAliveMs);
    stream.destroy();
    await once(stream, 'close');
  });

  it('stops reading events when the reader goes', async () => {
    let told: AbortSignal | undefined;
    const { events } = channel();
    const { clock, stream, next, failures } = open((signal) => {
      told = signal;
      return events(signal);
    });
    await next();
    stream.destroy();
    await once(stream, 'close');
    expect(told?.aborted).toBe(true);
    expect([clock.pendingTimers, failures]).toEqual([0, []]);
  });

  it('ends when its owner closes', async () => {
    const { events } = channel();
    const { clock, closing, stream, next } = open(events);
    await next();
    const ended = once(stream, 'end');
    stream.resume();
    closing.abort();
    await ended;
    expect(clock.pendingTimers).toBe(0);
  });

  it('reads no further than the reader does', async () => {
    let read = 0;
    const closing = new AbortController();
    async function* endless(): AsyncGenerator<SentEvent> {
      for (;;) {
        read += 1;
        yield { id: String(read), type: 'x', data: 'x'.repeat(10_000) };
      }
    }
    const clock = new ManualClock();
    const stream = eventStream({ events: endless, clock, signal: closing.signal, onFailure: () => {} });
    await once(stream, 'readable');
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(10);
    stream.destroy();
    await once(stream, 'close');
  });

  it('breaks off where the events cannot be read, and says so', async () => {
    const fault = new Error('the state is closed');
    const { stream, failures, clock } = open(async function* () {
      yield first;
      throw fault;
    });
    const closed = new Promise<unknown>((resolve) => stream.once('error', resolve));
    stream.resume();
    await closed;
    expect(failures).toEqual([fault]);
    expect(clock.pendingTimers).toBe(0);
  });
});
