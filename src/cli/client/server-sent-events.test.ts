import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerSentEventParser, serverSentEvents } from './server-sent-events.js';

const parse = (...chunks: readonly string[]) => {
  const parser = new ServerSentEventParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe('ServerSentEventParser', () => {
  it('reads id, type and data', () => {
    expect(parse('id: 1\nevent: placed\ndata: {"a":1}\n\n')).toEqual([
      { id: '1', type: 'placed', data: '{"a":1}' },
    ]);
  });

  it('joins several data lines, keeps the last id, and calls an event without type a message', () => {
    expect(parse('id: 7\ndata: a\ndata:b\ndata:  c\n\ndata\n\n')).toEqual([
      { id: '7', type: 'message', data: 'a\nb\n c' },
      { id: '7', type: 'message', data: '' },
    ]);
  });

  it('passes over comments, events without data, unknown fields and an unfinished event', () => {
    expect(parse(': still here\n\nevent: x\n\nretry: 5\ndata: a\n\ndata: cut o')).toEqual([
      { id: '', type: 'message', data: 'a' },
    ]);
  });

  it('takes a mark of byte order off the start', () => {
    expect(parse('\uFEFFdata: a\n\n')).toEqual([{ id: '', type: 'message', data: 'a' }]);
  });

  it('gives the same events for every line end and however the text is cut', () => {
    const lines = fc.array(
      fc.constantFrom('', 'data: a', 'data: ä\u2028€', 'data', 'id: 3', 'event: done', ': note', 'data:x:y'),
      { maxLength: 30 },
    );
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(lines, lineEnd, fc.array(fc.nat(300)), (texts, end, cuts) => {
        // the last \r is held back until it is known that no \n follows
        const text = texts.map((line) => line + end).join('') + (end === '\r' ? ':' : '');
        const places = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
        const chunks = [0, ...places].map((place, index) => text.slice(place, places[index] ?? text.length));
        const whole = parse(texts.map((line) => `${line}\n`).join(''));
        expect(parse(...chunks)).toEqual(whole);
      }),
    );
  });
});

describe('serverSentEvents', () => {
  it('decodes characters that are cut in two', async () => {
    const bytes = new TextEncoder().encode('data: €\n\n');
    async function* body() {
      yield bytes.slice(0, 7);
      yield bytes.slice(7);
    }
    const events = [];
    for await (const event of serverSentEvents(body())) events.push(event);
    expect(events).toEqual([{ id: '', type: 'message', data: '€' }]);
  });
});
