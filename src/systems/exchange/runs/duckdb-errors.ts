import { StarlingError } from '../../../kernel/errors/index.js';
import type { PlanError } from '../authorise/plan.js';

/** A failure of a run together with what only the party itself may read of it. */
export class PrivateFailure extends Error {
  override readonly name = 'PrivateFailure';
  readonly error: StarlingError;
  /** DuckDB's own message, which can contain data. */
  readonly privately: string;

  constructor(error: StarlingError, privately: string) {
    super(error.message);
    this.error = error;
    this.privately = privately;
  }
}

/** A statement that DuckDB could not parse or bind: its message with line and column. No data was read by then. */
export function statementError(error: PlanError, query: string): StarlingError {
  const { kind } = error;
  const message = withoutOtherNames(error.message);
  if (/unique_ptr|INTERNAL/.test(message)) {
    return new StarlingError(
      'statement-invalid',
      'DuckDB cannot bind the statement. Write values in the place of parameters (?, $1).',
    );
  }
  const refused =
    /^(Cannot plan statement of type|Operator '|.* not implemented$|Only SELECT statements)/.exec(message);
  if (kind === 'not implemented' || refused !== null) return notSelect(query, message);
  if (kind === 'permission')
    return new StarlingError('statement-refused', `The statement is refused: ${message}`);
  const place = error.position === undefined ? undefined : lineAndColumn(query, error.position);
  const at = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  return new StarlingError(
    'statement-invalid',
    `DuckDB cannot ${kind === 'parser' ? 'parse' : 'bind'} the statement${at}: ${message}`,
    {
      details: { kind, ...(place === undefined ? {} : { position: error.position, ...place }) },
    },
  );
}

/** DuckDB suggests names that are near the one it does not find, and the requester may not know of all of them. */
function withoutOtherNames(message: string): string {
  return message
    .split('\n')
    .map((line) =>
      line.replace(/\s*(Did you mean|Candidate (bindings|tables|functions|macros)|Candidates)\b.*$/, ''),
    )
    .filter((line) => line.trim() !== '')
    .join('\n');
}

function notSelect(query: string, message: string): StarlingError {
  const word = /^\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*(\w+)/.exec(query)?.[1]?.toUpperCase() ?? 'statement';
  return new StarlingError(
    'statement-refused',
    `The statement is refused: ${word} cannot be authorised (${message}). Ask with one SELECT statement.`,
    { details: { refused: [{ kind: 'operator', name: word, message }] } },
  );
}

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** An error while the statement ran. Its message may quote a cell, so that only its class is passed on. */
export function executionError(thrown: unknown, memoryMegabytes: number): Error {
  if (thrown instanceof StarlingError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const kind = /^([A-Z][A-Za-z ]*?)(?: Error)?:/.exec(message)?.[1] ?? 'unknown';
  if (/^Out of Memory/i.test(message) || /failed to allocate|bad_alloc/i.test(message)) {
    return new PrivateFailure(
      new StarlingError(
        'memory-limit',
        `The run needed more than its ${memoryMegabytes} MB of memory. Ask for less at once.`,
      ),
      message,
    );
  }
  return new PrivateFailure(
    new StarlingError(
      'run-failed',
      `The statement failed while it ran (${kind} error). DuckDB's message stays with the provider, because it can contain data.`,
      { details: { kind } },
    ),
    message,
  );
}
