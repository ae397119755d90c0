import { type Paint, paintFor } from './paint.js';

/** What the command line writes to. */
export interface Terminal {
  /** Writes a text and a line feed to the standard output. */
  out(text: string): void;
  /** Writes a text and a line feed to the standard error. */
  note(text: string): void;
  /** Writes to the standard error as it is, control sequences included. */
  draw(text: string): void;
  /** How to mark texts for `out`. */
  readonly paint: Paint;
  /** How to mark texts for `note`. */
  readonly paintNote: Paint;
  /** Columns that a line should keep to. */
  readonly width: number;
  /** Whether a person watches the standard error, so that lines may be drawn anew. */
  readonly live: boolean;
}

/** The part of a stream that is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Lines longer than this are hard to read, however wide the window. */
const widest = 110;
const narrowest = 60;

/** A terminal on two streams; colours and redrawing only where a stream is a terminal. */
export function openTerminal(
  stdout: Output,
  stderr: Output,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const columns = stdout.columns ?? widest;
  return {
    out: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    draw: (text) => stderr.write(text),
    paint: paintFor(stdout.isTTY === true, env),
    paintNote: paintFor(stderr.isTTY === true, env),
    width: Math.max(narrowest, Math.min(columns, widest)),
    live: stderr.isTTY === true && env.TERM !== 'dumb',
  };
}
