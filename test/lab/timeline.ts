import type { Call } from './calls.js';

/**
 * Calls and their returns in the order of time, as a list from which calls are taken and into which they are put back, the
 * last taken first. Unknown returns come last. At one moment calls come before returns, for they may have overlapped.
 *
 * Events are numbers: call `i` is `2 i`, its return `2 i + 1`, and the last number is the head of the list.
 */
export class Timeline {
  readonly #next: Int32Array;
  readonly #before: Int32Array;
  readonly #head: number;

  constructor(calls: readonly Call<unknown, unknown>[]) {
    this.#head = 2 * calls.length;
    this.#next = new Int32Array(this.#head + 1);
    this.#before = new Int32Array(this.#head + 1);
    const at = calls.flatMap(({ calledAt, returned }) => [
      calledAt,
      returned?.at ?? Number.POSITIVE_INFINITY,
    ]);
    const events = Array.from(at.keys()).sort((one, other) => order(at, one, other));
    let last = this.#head;
    for (const event of [...events, this.#head]) {
      this.#next[last] = event;
      this.#before[event] = last;
      last = event;
    }
  }

  first(): number {
    return this.#after(this.#head);
  }

  /** The call that an event is; `undefined` where it is a return. */
  callAt(event: number): number | undefined {
    return event % 2 === 0 && event !== this.#head ? event / 2 : undefined;
  }

  /** The event after a call, which may be taken out at that time. */
  afterCall(call: number): number {
    return this.#after(2 * call);
  }

  remove(call: number): void {
    this.#unlink(2 * call);
    this.#unlink(2 * call + 1);
  }

  /** Puts back the call that was taken last. */
  restore(call: number): void {
    this.#link(2 * call + 1);
    this.#link(2 * call);
  }

  #after(event: number): number {
    return this.#next[event] ?? this.#head;
  }

  #unlink(event: number): void {
    const before = this.#before[event] ?? this.#head;
    const next = this.#after(event);
    this.#next[before] = next;
    this.#before[next] = before;
  }

  /** What was taken out still knows where it was. */
  #link(event: number): void {
    this.#next[this.#before[event] ?? this.#head] = event;
    this.#before[this.#after(event)] = event;
  }
}

function order(at: readonly number[], one: number, other: number): number {
  const [a = 0, b = 0] = [at[one], at[other]];
  if (a !== b) return a < b ? -1 : 1;
  return (one % 2) - (other % 2) || one - other;
}
