import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverSentEvents } from './server-sent-events.js';

/** A body that comes in pieces, cut after these numbers of bytes. */
function body(text: string, cuts: readonly number[] = []): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return new ReadableStream({
    start(controller) {
      places.slice(1).forEach((place, index) => {
        controller.enqueue(bytes.slice(places[index], place));
      });
      controller.close();
    },
  });
}

const eventsOf = (stream: ReadableStream<Uint8Array>) => Readable.from(serverSentEvents(stream)).toArray();

const text =
  'retry: 2000\n\n: keep-alive\n\nid: 1\nevent: placed\ndata: {"é": 1}\n\nid: 2\r\ndata:a\r\ndata\r\n\r\n';

describe('server-sent events', () => {
  it('are the same however the body is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200 })), async (cuts) => {
        expect(await eventsOf(body(text, cuts))).toEqual([
          { id: '1', data: '{"é": 1}' },
          { id: '2', data: 'a\n' },
        ]);
      }),
    );
  });

  it('do not have one that broke off', async () => {
    expect(await eventsOf(body('id: 1\ndata: a\n\nid: 2\ndata: b\n'))).toEqual([{ id: '1', data: 'a' }]);
  });

  it('let go of the body when no more are read', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const { data } of serverSentEvents(endless)) {
      expect(data).toBe('x');
      break;
    }
    expect(cancelled).toBe(true);
  });
});
