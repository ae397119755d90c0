import { z } from 'zod';
import { isLoopbackHost } from '../../../kernel/identity/index.js';
import { objectName } from './names.js';

/** Columns that Starling adds for persons, in what goes to a step and comes back: `u0`, `u1`, … */
export const unitColumn = /^u[0-9]+$/;

/** What a column of a foreign step holds, as the classes of types that every language with Arrow has. */
export const stepColumnType = z.enum(['boolean', 'integer', 'number', 'date', 'text']);
export type StepColumnType = z.infer<typeof stepColumnType>;

const stepColumns = z
  .record(
    z
      .string()
      .regex(/^[^"\p{Cc}]{1,257}$/u, 'name a column with its table, as in Personen.Geslacht')
      .refine((name) => !unitColumn.test(name), 'u0, u1, … are the columns of persons; choose another name'),
    stepColumnType,
  )
  .refine((columns) => Object.keys(columns).length <= 200, 'a step has at most 200 columns');
export type StepColumns = z.infer<typeof stepColumns>;

function addressFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'write a URL, as in https://steps.university.example/regions';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'write a URL that begins with https://';
  if (url.username !== '' || url.password !== '')
    return 'a URL holds no user or password; use sendToken, and keep the token in a file at the agent';
  if (url.hash !== '') return 'leave out what comes after #; it is not sent';
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    return 'rows go over http:// only to this machine (127.0.0.1, [::1], localhost); write https://';
  return undefined;
}

/** Where a foreign step is reached, as far as this configuration says. */
export const stepEndpoint = z.union([
  z.strictObject({
    url: z
      .string()
      .max(2_000)
      .check((context) => {
        const message = addressFault(context.value);
        if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
      })
      .describe('Where rows are posted to. http:// only on this machine.'),
    sendToken: z
      .boolean()
      .exactOptional()
      .describe(
        'Whether the token in step-tokens/<step> of the agent’s folder is sent along. Default: false.',
      ),
  }),
  z
    .strictObject({ atAgent: z.literal(true) })
    .describe('Each party says it in the configuration of its own agent.'),
]);

/** Bounds on one call of a foreign step. */
export const stepLimits = z.strictObject({
  deadlineSeconds: z
    .number()
    .positive()
    .max(3_600)
    .exactOptional()
    .describe('Seconds from the first byte sent to the last one read. Default: 60.'),
  requestMegabytes: z.number().positive().max(100_000).exactOptional().describe('Default: 1000.'),
  responseMegabytes: z.number().positive().max(100_000).exactOptional().describe('Default: 1000.'),
  rows: z.int().min(1).exactOptional().describe('Rows that may come back. Default: 10 000 000.'),
});

/** What a foreign step has beside the members of every step. */
export const foreignStepParts = {
  after: z
    .array(objectName)
    .describe('The steps that it may come directly after, as if they named it under outputs.'),
  takes: z.literal('rows'),
  gives: z.enum(['rows', 'aggregates']),
  endpoint: stepEndpoint,
  input: stepColumns.describe('The columns that the step reads; it gets those besides what the chain needs.'),
  output: stepColumns.describe('The columns that it changes or adds, as they come back.'),
  parameters: z
    .record(z.string().min(1).max(100), z.union([z.string().max(1_000), z.number(), z.boolean()]))
    .refine((all) => JSON.stringify(all).length <= 4_000, 'parameters take at most 4000 characters as JSON')
    .exactOptional()
    .describe('Told to the step with every call.'),
  limits: stepLimits.exactOptional(),
};

/** The bounds of one call, with nothing left out. */
export interface StepCallLimits {
  readonly deadlineSeconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly rows: number;
}

/** Fills in the defaults of a step's limits. */
export function stepCallLimits(limits: z.infer<typeof stepLimits> = {}): StepCallLimits {
  const {
    deadlineSeconds = 60,
    requestMegabytes = 1_000,
    responseMegabytes = 1_000,
    rows = 10_000_000,
  } = limits;
  return {
    deadlineSeconds,
    requestBytes: requestMegabytes * 1_000_000,
    responseBytes: responseMegabytes * 1_000_000,
    rows,
  };
}
