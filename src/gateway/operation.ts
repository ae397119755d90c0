import type { z } from 'zod';
import { type ErrorCode, errorCodes } from '../kernel/errors/index.js';
import type { AccessRule } from './access/access-rule.js';
import { limitMember, rolesMember } from './access/route-access.js';
import { problemType } from './problem.js';
import { problemSchema } from './schemas/problem.js';

/** The groups of the documentation. */
export type Tag =
  | 'Requests'
  | 'Jobs'
  | 'Agreements'
  | 'Data sets'
  | 'Parties'
  | 'Services'
  | 'Hosts'
  | 'Configuration'
  | 'Tasks'
  | 'Workers'
  | 'Queues'
  | 'DYNAMOS'
  | 'Operation';

/** Bodies of one media type each, by media type. */
type Content = Readonly<Record<string, { readonly schema: z.ZodType }>>;

/** What one status answers with. */
export interface DocumentedAnswer {
  readonly description: string;
  readonly content: Content;
}

export interface OperationOptions {
  /** Unique among all operations; names of client functions are made from it. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  /** Who may use it, where people sign in. */
  readonly access: AccessRule;
  /** Whether it counts as asking, which one person may do less often than anything else. */
  readonly asks?: true;
  /** Whether it is part of moving many files, which one person may do more often than anything else. */
  readonly works?: true;
  /** Whether it is done so rarely that one address may do it ten times a minute. */
  readonly rare?: true;
  /** More about it, as Markdown. */
  readonly description?: string;
  /** By status. */
  readonly answers: Readonly<Record<number, DocumentedAnswer | z.ZodType>>;
  /** How it can fail, besides what every operation can fail with. */
  readonly problems?: readonly ErrorCode[];
  /** Bodies to show, by a name; each is valid. */
  readonly bodies?: BodyExamples;
  /** JSON Schemas of a body that is read as a stream, by media type: no other schema is there for it. */
  readonly content?: Readonly<Record<string, object>>;
}

/** Bodies to show in the documentation, by a name. */
export type BodyExamples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;

/** Under this member of an operation its examples are handed to `openapi.ts`. */
export const bodyExamplesMember = 'x-body-examples';

const everywhere: readonly ErrorCode[] = [
  'input-invalid',
  'host-refused',
  'rate-limited',
  'shutting-down',
  'internal',
];

/** Under this member of an operation the content of its body is handed to `openapi.ts`, where no schema checks it. */
export const bodyContentMember = 'x-body-content';

/** How it can fail that somebody is let in. */
const signedIn: readonly ErrorCode[] = [
  'token-missing',
  'token-invalid',
  'clock-skewed',
  'role-missing',
  'issuer-unreachable',
];

/** The documentation of a route as its fastify schema; the parts that it takes are added beside it. */
export function operation({
  id,
  tag,
  summary,
  access,
  asks,
  works,
  rare,
  description,
  answers,
  problems = [],
  bodies,
  content,
}: OperationOptions) {
  const all = [...problems, ...(access === 'anyone' ? [] : signedIn), ...everywhere];
  return {
    operationId: id,
    tags: [tag],
    summary,
    [rolesMember]: access,
    ...(asks === undefined ? {} : { [limitMember]: 'asks' }),
    ...(works === undefined ? {} : { [limitMember]: 'work' }),
    ...(rare === undefined ? {} : { [limitMember]: 'enrolments' }),
    ...(description === undefined ? {} : { description }),
    ...(bodies === undefined ? {} : { [bodyExamplesMember]: bodies }),
    ...(content === undefined ? {} : { [bodyContentMember]: content }),
    response: withProblems(answers, all),
  };
}

/** An answer in JSON. */
export function json(description: string, schema: z.ZodType): DocumentedAnswer {
  return { description, content: { 'application/json': { schema } } };
}

/** The answers with one more per status of `codes`, which says what each code under it means. */
function withProblems(
  answers: OperationOptions['answers'],
  codes: readonly ErrorCode[],
): Record<number, DocumentedAnswer | z.ZodType> {
  const all: Record<number, DocumentedAnswer | z.ZodType> = { ...answers };
  for (const code of new Set(codes)) {
    const { status, title } = errorCodes[code];
    const earlier = all[status];
    const { description, content } =
      earlier !== undefined && 'content' in earlier ? earlier : { description: '', content: {} };
    all[status] = {
      description: `${description === '' ? '' : `${description}\n\n`}\`${code}\`: ${title}.`,
      content: { ...content, [problemType]: { schema: problemSchema } },
    };
  }
  return all;
}
