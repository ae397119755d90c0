import { type Random, whole } from './seeded.js';

/** What is done to the machines and processes of a run, in the words of reports. */
export const faultKinds = [
  'kill',
  'restart',
  'stop',
  'cut',
  'cut from servers',
  'lose packets',
  'delay',
  'fill disk',
  'fill quota',
  'turn clock',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault, and after how many operations it comes. */
export interface Fault {
  readonly kind: FaultKind;
  readonly after: number;
  /** Which of those that it can hit, as a share of their number: from 0 up to 1. */
  readonly target: number;
  /** Between that operation and the fault, in milliseconds: so that it hits in the middle of something. */
  readonly delayMs: number;
  /** How long it lasts before it is healed, in milliseconds. */
  readonly lastsMs: number;
}

export interface ScheduleOptions {
  /** Operations from one fault to the next, on average. */
  readonly every: number;
  /** How long a fault lasts, in milliseconds. */
  readonly lastsMs: readonly [least: number, most: number];
}

/** Faults without end, in the order in which they come. Each kind comes once before any comes again. */
export function* faultSchedule(
  random: Random,
  kinds: readonly FaultKind[],
  { every, lastsMs: [least, most] }: ScheduleOptions,
): Generator<Fault, never> {
  let after = 0;
  for (;;) {
    for (const kind of shuffled(random, kinds)) {
      after += whole(random, Math.ceil(every / 2), Math.ceil((every * 3) / 2) + 1);
      const [target, delayMs] = [random(), random() * 20];
      yield { kind, after, target, delayMs, lastsMs: whole(random, least, most + 1) };
    }
    if (kinds.length === 0) throw new Error('A schedule needs a kind of fault.');
  }
}

/** The same items in another order (Fisher and Yates). */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items];
  return Array.from(items, () => left.splice(whole(random, 0, left.length), 1)).flat();
}
