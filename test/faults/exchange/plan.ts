import { type Random, whole } from '../../lab/seeded.js';
import type { OperationKind } from './history.js';
import { type Question, questionOf, questions } from './questions.js';

/** What a client does next. Shares are from 0 up to 1: of the gateways, and of the requests that are known by then. */
export interface Plan {
  readonly kind: OperationKind;
  readonly question: Question;
  readonly gateway: number;
  readonly otherGateway: number;
  readonly known: number;
  /** After so many events a stream is broken off, to go on elsewhere. */
  readonly breakAfter: number;
  /** Whether an owner goes to the agent itself. */
  readonly isAtAgent: boolean;
}

/** How often each kind comes. One in six computes something, which costs a process or three; of dry runs, too, few are let in a minute. */
const weights: Readonly<Record<OperationKind, number>> = {
  ask: 6,
  'ask again': 2,
  follow: 2,
  cancel: 1,
  'dry run': 5,
  read: 24,
  'read events': 8,
  explain: 7,
  list: 6,
  'change agreement': 0,
};
/** Of one who owns an agreement; two of eight clients do. */
const ownersWeights = { ...weights, 'change agreement': 20 };

/** Draws the same number of times whatever comes of it, so that the seed decides all that follows. */
export function nextPlan(random: Random, isOwner: boolean): Plan {
  const kind = drawn(random, isOwner ? ownersWeights : weights);
  const question = questions[whole(random, 0, questions.length)] ?? questionOf('own');
  const [gateway, otherGateway, known] = [random(), random(), random()];
  return {
    kind,
    question,
    gateway,
    otherGateway,
    known,
    breakAfter: whole(random, 1, 6),
    isAtAgent: random() < 0.25,
  };
}

function drawn(random: Random, from: Readonly<Record<OperationKind, number>>): OperationKind {
  const entries = Object.entries(from) as [OperationKind, number][];
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of entries) {
    left -= weight;
    if (left < 0) return kind;
  }
  return 'read';
}
