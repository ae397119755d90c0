import type { RequestEvent } from '../../systems/exchange/ask/request-record.js';
import { type Paint, plain, type Tone } from './paint.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';
import { pad, widthOf } from './width.js';

/** How far each party has come, by party in the order in which they appeared. */
export type Progress = ReadonlyMap<string, { readonly state: string; readonly tone: Tone }>;

const tones: Readonly<Partial<Record<RequestEvent['type'], Tone>>> = {
  refused: 'bad',
  'run-done': 'good',
  'run-failed': 'bad',
};

/** The progress after one more event; events of no party change nothing. */
export function advance(progress: Progress, { type, party, message }: RequestEvent): Progress {
  if (party === undefined) return progress;
  const state = withoutName(message, party);
  return new Map(progress).set(party, { state, tone: tones[type] ?? 'aside' });
}

/** `is done after 42 ms.` for `VU is done after 42 ms.`: the name stands in front of the line already. */
function withoutName(message: string, party: string): string {
  return message.startsWith(`${party} `) ? message.slice(party.length + 1) : message;
}

/** One line per party, cut to `width` columns, so that each stays one line on the screen. */
export function progressLines(progress: Progress, width: number, paint: Paint = plain): string[] {
  const longest = Math.max(0, ...[...progress.keys()].map(widthOf));
  return [...progress].map(([party, { state, tone }]) => {
    const room = Math.max(10, width - longest - 3);
    const [first = ''] = state.split('\n');
    const text = widthOf(first) > room ? `${first.slice(0, room - 1)}…` : first;
    return `${pad(party, longest)}  ${paint(tone, text)}`;
  });
}

/** Shows events as they come, until it is closed. */
export interface ProgressView {
  show(event: RequestEvent): void;
  /** Takes drawn lines off the screen again. */
  close(): void;
}

/**
 * Draws one line per party over and over on a terminal. Elsewhere each event is a line, but for the phases of runs and the
 * end of the whole request, which is told as answer or error.
 */
export function openProgress(terminal: Terminal): ProgressView {
  return terminal.live ? drawnProgress(terminal) : plainProgress(terminal);
}

const ends: ReadonlySet<RequestEvent['type']> = new Set(['answered', 'refused', 'failed', 'cancelled']);

function plainProgress(terminal: Terminal): ProgressView {
  return {
    show(event) {
      const { type, party, message } = printable(event);
      if (type === 'run-progress' || (party === undefined && ends.has(type))) return;
      const named = party === undefined || message.startsWith(`${party} `);
      terminal.note(named ? message : `${party}: ${message}`);
    },
    close() {},
  };
}

function drawnProgress(terminal: Terminal): ProgressView {
  let progress: Progress = new Map();
  let drawn = 0;
  const erase = () => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`);
  return {
    show(event) {
      progress = advance(progress, printable(event));
      const lines = progressLines(progress, terminal.width, terminal.paintNote);
      terminal.draw(erase() + lines.map((line) => `${line}\n`).join(''));
      drawn = lines.length;
    },
    close() {
      terminal.draw(erase());
      drawn = 0;
    },
  };
}
