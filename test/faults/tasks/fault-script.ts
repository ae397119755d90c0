import { type Random, whole } from '../../lab/seeded.js';

/** What is done to a run. */
export const faultKinds = ['kill worker', 'stop worker', 'kill daemon', 'restart daemon'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault, and after how many operations it comes: a file that is acknowledged is one, a task that ends another. */
export interface Fault {
  readonly after: number;
  readonly kind: FaultKind;
  /** Between that operation and the fault, in milliseconds: so that it hits in the middle of something. */
  readonly delayMs: number;
}

const weights: Readonly<Record<FaultKind, number>> = {
  'kill worker': 5,
  'stop worker': 3,
  'kill daemon': 3,
  'restart daemon': 1,
};

/** Faults in the order in which they come: `count` of them, spread over `operations`. Each kind comes first in its turn. */
export function faultScript(random: Random, count: number, operations: number): Fault[] {
  const many = faultKinds.flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));
  const faults = Array.from({ length: count }, (_, index): Fault => {
    const kind = faultKinds[index] ?? many[whole(random, 0, many.length)] ?? 'kill worker';
    return { kind, after: whole(random, 1, operations), delayMs: random() * 50 };
  });
  return faults.sort((one, other) => one.after - other.after);
}
