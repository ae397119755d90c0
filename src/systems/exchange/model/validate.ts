import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Issue } from './issue.js';
import { nearestNote } from './nearest-name.js';

/** The value, typed; or every fault in it. */
export type Validated<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'nothing',
};

function shown(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'an object';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function amount(origin: string, bound: number | bigint): string {
  if (origin === 'string') return `${bound} characters`;
  return origin === 'array' || origin === 'record' ? `${bound} entries` : String(bound);
}

/** Unknown fields get the list of known ones, which `issueAt` turns into one issue per field. */
const words: z.core.$ZodErrorMap = (issue) => {
  if (issue.message !== undefined) return issue.message;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(', ') : '';
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return `missing; add it, as ${kind}`;
      return `expected ${kind}, but found ${shown(issue.input)}`;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (issue.input === undefined) return `missing; add it, as one of ${values.join(', ')}`;
      const note = typeof issue.input === 'string' ? nearestNote(issue.input, values) : '';
      return `expected ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}, but found ${shown(issue.input)}${note}`;
    }
    case 'too_small': {
      const bound = `${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.origin, issue.minimum)}`;
      return `expected ${bound}${typeof issue.input === 'number' ? `, but found ${shown(issue.input)}` : ''}`;
    }
    case 'too_big': {
      const bound = `at most ${amount(issue.origin, issue.maximum)}`;
      return `expected ${bound}${typeof issue.input === 'number' ? `, but found ${shown(issue.input)}` : ''}`;
    }
    case 'invalid_union': {
      const options = Array.isArray(issue.options) ? issue.options.map(String) : [];
      const field = issue.discriminator === undefined ? '' : `${issue.discriminator} as `;
      return options.length === 0
        ? `found ${shown(issue.input)}, which has none of the forms that are allowed here`
        : `expected ${field}one of ${options.join(', ')}`;
    }
    default:
      return undefined;
  }
};

/** Of the forms a value might have meant, the one that it has most fields of. */
function closest(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const strangeness = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce((sum, issue) => {
      if (issue.path.length > 0) return sum + 1;
      return sum + (issue.code === 'unrecognized_keys' ? 10 * issue.keys.length : 100);
    }, 0);
  const ranked = branches
    .map((issues) => ({ issues, rank: strangeness(issues) }))
    .sort((one, other) => one.rank - other.rank);
  const [first, second] = ranked;
  return first !== undefined && first.rank !== second?.rank ? first.issues : undefined;
}

function issueAt(issue: z.core.$ZodIssue, above: Issue['path']): Issue[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      at: 'key' as const,
      message: `unknown field ${key}${nearestNote(key, known)}; the fields here are ${issue.message}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = closest(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => issueAt(inner, path));
  }
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => ({ path, message, at: 'key' as const }));
  return [{ path, message: issue.message }];
}

/** Holds `value` against `schema`; says every fault in plain words, with the nearest known name where one is near. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Validated<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: words });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, issues: parsed.error.issues.flatMap((issue) => issueAt(issue, [])) };
}

/** `relations.ada@u.example.output: expected …`, or the message alone where the fault is in the whole. */
export function issueText({ path, message }: Issue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/**
 * Like `validate`, but throws `input-invalid` with every fault in the message and in `details.errors`
 * (`[{ path, message }]`). `what` names the thing, as in `the request`.
 */
export function assertValid<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = validate(schema, value);
  if (result.ok) return result.value;
  const lines = result.issues.map((issue) => `\n  ${issueText(issue)}`);
  throw new StarlingError('input-invalid', `Correct ${what}:${lines.join('')}`, {
    details: { errors: result.issues },
  });
}
