import { StarlingError } from '../../../kernel/errors/index.js';

/** One operator of a bound plan, as DuckDB's `json_serialize_plan` writes it. */
export interface PlanNode {
  /** Such as `LOGICAL_GET`. */
  readonly type: string;
  readonly children: readonly PlanNode[];
  /** Every field but `type` and `children`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What `json_serialize_plan` and `json_serialize_sql` answer instead of a plan. */
export interface PlanError {
  readonly kind: string;
  readonly message: string;
  /** Offset into the statement, in characters, where DuckDB knows it. */
  readonly position: number | undefined;
}

/**
 * Reads the text of `json_serialize_plan`. Whole numbers too large for a JavaScript number are kept as strings:
 * the virtual column `rowid` has the index 2⁶⁴−1. So are infinity and NaN, which DuckDB writes though JSON has neither.
 * Throws `statement-refused` where the text is no plan.
 */
export function parsePlan(text: string): { plans: PlanNode[] } | { error: PlanError } {
  const answer = asRecord(parseJson(text), 'answer');
  if (answer.error === true) return { error: planError(answer) };
  return { plans: asArray(answer.plans, 'plans').map(toNode) };
}

/** The error in an answer of DuckDB's JSON functions. */
export function planError(answer: Readonly<Record<string, unknown>>): PlanError {
  const position = Number(answer.position ?? Number.NaN);
  return {
    kind: String(answer.error_type ?? 'unknown'),
    message: String(answer.error_message ?? 'no message'),
    position: Number.isFinite(position) ? position : undefined,
  };
}

function keepNumbers(text: string): string {
  // Strings are matched first and stay as they are, whatever is in them; every number is matched as a whole token.
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:\d[\d.eE+-]*|Infinity|NaN|inf|nan)/g, (token) =>
    /^-?\d{16,}$|^-?[IiNn]/.test(token) ? `"${token}"` : token,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(keepNumbers(text));
  } catch (cause) {
    throw unreadable('its text is no JSON, or too long', cause);
  }
}

function toNode(value: unknown): PlanNode {
  const { type, children, ...fields } = asRecord(value, 'operator');
  if (typeof type !== 'string') throw unreadable('an operator without a type');
  return { type, children: asArray(children ?? [], 'children').map(toNode), fields };
}

/** `value` as an object; a plan of another shape cannot be authorised, so it is refused. */
export function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(what);
  return value as Record<string, unknown>;
}

/** `value` as an array, under the same rule as `asRecord`. */
export function asArray(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw unreadable(what);
  return value;
}

/** The refusal of a plan whose shape is not the one that this version of DuckDB writes. */
export function unreadable(what: string, cause?: unknown): StarlingError {
  return new StarlingError(
    'statement-refused',
    `The bound plan cannot be read (${what}), so the statement is refused. Write it in a simpler form.`,
    { cause },
  );
}
