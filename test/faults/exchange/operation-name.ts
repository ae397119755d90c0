import type { Operation } from './history.js';

/** An operation in a problem: `ask own of desk/0 at gateway2, 12.250–12.261 (r-…)`, in seconds of the monotonic clock. */
export function operationName({ kind, question, client, gateway, calledAt, at, id }: Operation): string {
  const seconds = (time: number) => (time / 1_000).toFixed(3);
  const what = question === undefined ? kind : `${kind} ${question}`;
  return `${what} of ${client} at ${gateway}, ${seconds(calledAt)}–${seconds(at)} (${id ?? 'no id'})`;
}
