import type { StepRole } from '../model/index.js';

/** The media type of an Arrow IPC stream. */
export const arrowStream = 'application/vnd.apache.arrow.stream';
/** The version of the contract that calls are made by. */
export const contractVersion = 1;

/** What a step is told with a call. */
export interface StepCallContext {
  readonly step: string;
  readonly party: string;
  readonly role: StepRole;
  readonly request: string;
  readonly job: string;
  readonly deadlineSeconds: number;
  /** The columns of persons, `u0` …; none where there is no minimum group size. */
  readonly units: readonly string[];
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly traceparent?: string | undefined;
  readonly token?: string | undefined;
}

/** The headers of a call. Pure. */
export function stepHeaders(call: StepCallContext): Record<string, string> {
  return {
    'content-type': arrowStream,
    accept: arrowStream,
    'starling-contract': String(contractVersion),
    'starling-step': call.step,
    'starling-party': call.party,
    'starling-role': call.role,
    'starling-request': call.request,
    'starling-job': call.job,
    'starling-deadline-seconds': String(call.deadlineSeconds),
    'starling-units': call.units.join(','),
    'starling-parameters': asciiJson(call.parameters ?? {}),
    ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
    ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
  };
}

/** JSON as a header may hold it: whatever is not printable ASCII is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
