import type { Call } from './calls.js';
import { Timeline } from './timeline.js';

/** What an object does where its calls come one after the other. */
export interface Model<Held, Asked, Answer> {
  readonly initial: Held;
  /** What is held after a call; `undefined` where `answer` cannot come of it. An unknown answer can always come. */
  next(held: Held, asked: Asked, answer: Answer | undefined): Held | undefined;
  /** The same text for what is held the same. */
  keyOf(held: Held): string;
}

/** `undecided`: there were more orders to try than were allowed. */
export type Verdict = 'linearizable' | 'not linearizable' | 'undecided';

/** Steps that are tried before a history is given up as undecided. */
const mostTries = 2_000_000;

/**
 * Whether there is one order of all calls that the model could have answered, and that keeps to time: a call that had
 * returned before another was made comes before it. The search of Wing and Gong (1993), with the memory of Lowe (2017) of
 * what was tried: which calls were done, and what was held then. Calls of an unknown outcome may come at any time after
 * they were made, or never.
 */
export function isLinearizable<Held, Asked, Answer>(
  model: Model<Held, Asked, Answer>,
  calls: readonly Call<Asked, Answer>[],
  tries = mostTries,
): Verdict {
  const timeline = new Timeline(calls);
  const done = new Uint32Array(Math.ceil(calls.length / 32));
  const tried = new Set<string>();
  const path: { readonly call: number; readonly held: Held }[] = [];
  let unanswered = calls.filter(({ returned }) => returned !== undefined).length;
  let held = model.initial;
  let event = timeline.first();
  while (unanswered > 0) {
    const call = timeline.callAt(event);
    if (call === undefined) {
      // the return of a call that is not done: something before it was done too early
      const last = path.pop();
      if (last === undefined) return 'not linearizable';
      held = last.held;
      flip(done, last.call);
      if (calls[last.call]?.returned !== undefined) unanswered += 1;
      timeline.restore(last.call);
      event = timeline.afterCall(last.call);
      continue;
    }
    const { asked, returned } = calls[call] as Call<Asked, Answer>;
    const after = model.next(held, asked, returned?.answer);
    if (after !== undefined) {
      flip(done, call);
      const key = `${String.fromCharCode(...new Uint16Array(done.buffer))} ${model.keyOf(after)}`;
      if (!tried.has(key)) {
        if (tried.size === tries) return 'undecided';
        tried.add(key);
        path.push({ call, held });
        held = after;
        if (returned !== undefined) unanswered -= 1;
        timeline.remove(call);
        event = timeline.first();
        continue;
      }
      flip(done, call);
    }
    event = timeline.afterCall(call);
  }
  return 'linearizable';
}

function flip(bits: Uint32Array, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) ^ (1 << (index & 31));
}
