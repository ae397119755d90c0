import type { StarlingError } from '../../kernel/errors/index.js';
import type { Paint } from './paint.js';
import { printableText } from './printable.js';

/** An error for people: its code, what it says, and where a request was decided on, how to see why. */
export function errorText(error: StarlingError, paint: Paint): string {
  const head = `${paint('bad', 'error')} ${paint('aside', `(${error.code})`)} ${printableText(error.message)}`;
  const request = error.details?.request;
  if (typeof request !== 'string') return head;
  return `${head}\n${explainHint(printableText(request), paint)}`;
}

/** Where to read how a request was decided. */
export function explainHint(request: string, paint: Paint): string {
  return paint('aside', `How it was decided: starling explain ${request}`);
}

/** An error for programs: its code, message and details as one line of JSON. */
export function machineError(error: StarlingError): string {
  return JSON.stringify(error.toRecord());
}
