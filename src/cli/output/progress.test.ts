import { describe, expect, it } from 'vitest';
import type { RequestEvent } from '../../systems/exchange/ask/request-record.js';
import { advance, openProgress, type Progress, progressLines } from './progress.js';
import { openTerminal } from './terminal.js';

const event = (type: RequestEvent['type'], message: string, party?: string): RequestEvent => ({
  sequence: 1,
  at: 0,
  type,
  message,
  ...(party === undefined ? {} : { party }),
});

const events = [
  event('received', 'ada asks UVA, VU.'),
  event('approved', 'UVA allows it.', 'UVA'),
  event('refused', 'VU has no relation with ada.', 'VU'),
  event('run-started', 'UVA was asked to run sql-query.', 'UVA'),
  event('run-progress', 'execute', 'UVA'),
  event('run-done', 'UVA is done after 4 ms.', 'UVA'),
  event('answered', 'Answered by one result.'),
];

function streams(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  return { written, terminal: openTerminal(stream, stream, { NO_COLOR: '1' }) };
}

describe('progress', () => {
  it('has the last state of each party', () => {
    const end = events.reduce<Progress>(advance, new Map());
    expect(progressLines(end, 80)).toEqual(['UVA  is done after 4 ms.', 'VU   has no relation with ada.']);
  });

  it('keeps each party on one line', () => {
    const long = advance(new Map(), event('run-failed', `${'very '.repeat(40)}long\nand more`, 'VU'));
    expect(progressLines(long, 30)).toEqual(['VU  very very very very very…']);
  });
});

describe('openProgress', () => {
  it('draws lines anew on a terminal, and takes them off at the end', () => {
    const { written, terminal } = streams(true);
    const view = openProgress(terminal);
    for (const one of events.slice(0, 3)) view.show(one);
    view.close();
    expect(written).toEqual([
      '',
      'UVA  allows it.\n',
      '\u001b[1A\u001b[JUVA  allows it.\nVU   has no relation with ada.\n',
      '\u001b[2A\u001b[J',
    ]);
  });

  it('writes a line per event elsewhere, without the phases of runs and the end of the request', () => {
    const { written, terminal } = streams(false);
    const view = openProgress(terminal);
    for (const one of events) view.show(one);
    view.show(event('run-failed', 'The disk\u001b is full.', 'VU'));
    view.close();
    expect(written).toEqual([
      'ada asks UVA, VU.\n',
      'UVA allows it.\n',
      'VU has no relation with ada.\n',
      'UVA was asked to run sql-query.\n',
      'UVA is done after 4 ms.\n',
      'VU: The disk\\x1b is full.\n',
    ]);
  });
});
