import type { z } from 'zod';
import { StarlingError } from '../kernel/errors/index.js';
import { type Issue, issueText, validate } from '../systems/exchange/model/index.js';
import type { ProblemIssue } from './problem.js';

/** The schemas of a route's parts. */
export interface InputSchemas {
  readonly params?: unknown;
  readonly body?: unknown;
  readonly querystring?: unknown;
  readonly headers?: unknown;
}

/** The parts of a request as they came in; replaced by what their schemas make of them. */
export interface InputParts {
  params: unknown;
  body: unknown;
  query: unknown;
  headers: object;
}

interface FoundIssue extends Issue {
  readonly in?: Exclude<ProblemIssue['in'], undefined>;
}

const titles = { path: 'the path', query: 'the query', header: 'the header' } as const;

/**
 * Holds every part against its schema and replaces it by what the schema makes of it. Throws `input-invalid` with the
 * faults of all parts, in `details.errors` as `{ path, message, in }`; then nothing is replaced.
 */
export function validateParts(schemas: InputSchemas, parts: InputParts): void {
  const faults: FoundIssue[] = [];
  const check = <Value>(schema: unknown, given: Value, place?: FoundIssue['in']): Value => {
    if (!isZod(schema)) return given;
    const result = validate(schema, given);
    if (result.ok) return result.value as Value;
    faults.push(
      ...result.issues.map((issue) => ({ ...issue, ...(place === undefined ? {} : { in: place }) })),
    );
    return given;
  };
  const params = check(schemas.params, parts.params, 'path');
  const query = check(schemas.querystring, parts.query, 'query');
  const headers = check(schemas.headers, parts.headers, 'header');
  const body = check(schemas.body, parts.body ?? undefined);
  if (faults.length === 0) {
    Object.assign(parts, { params, query, headers, body });
    return;
  }
  const lines = faults.map((fault) => {
    return `\n  ${fault.in === undefined ? '' : `in ${titles[fault.in]}, `}${issueText(fault)}`;
  });
  throw new StarlingError('input-invalid', `Correct the request:${lines.join('')}`, {
    details: { errors: faults },
  });
}

function isZod(schema: unknown): schema is z.ZodType {
  return typeof schema === 'object' && schema !== null && 'safeParse' in schema;
}
