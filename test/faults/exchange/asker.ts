import { setTimeout as wait } from 'node:timers/promises';
import { seeded, whole } from '../../lab/seeded.js';
import type { Tally } from '../../lab/tally.js';
import { type Caller, endingOf } from '../caller.js';
import type { Asked, Question, SeenResult } from './history.js';

/** How long a client waits for its answer, in milliseconds; later, the request is cancelled, which it is not told. */
const patienceMs = 60_000;
const againMs = 200;

/** What the gateway answers with: a request, or a problem. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly results?: readonly SeenResult[];
    /** Of a problem: its code, and the request that it is of. */
    readonly code?: string;
    readonly request?: string;
  };
}

/** One client, which asks one question after the other; the seed decides which. */
export async function askOnAndOn(
  caller: Caller,
  lane: number,
  seed: number,
  questions: readonly Question[],
  tally: Tally,
  onAsked: (asked: Asked) => void,
): Promise<void> {
  const random = seeded(seed);
  while (!tally.isOver()) {
    const question = questions[whole(random, 0, questions.length)];
    if (question === undefined) throw new Error('There is no question to ask.');
    const asked = await ask(caller, question);
    tally.count(asked.at, asked.ending);
    if (asked.ending !== 'absent') onAsked({ client: `${caller.name}/${lane}`, ...asked });
    if (asked.ending !== 'acknowledged') await wait(againMs);
  }
}

/** Asks once. */
export async function ask(
  caller: Caller,
  { name, body }: Question,
): Promise<Omit<Asked, 'client'> & { readonly at: number }> {
  const outcome = await caller.ask<HttpAnswer>(
    'http',
    { path: '/requests', method: 'POST', body },
    patienceMs,
  );
  const { at } = outcome;
  if (!('result' in outcome)) return { question: name, at, ending: endingOf(outcome) };
  const { status, body: answer } = outcome.result;
  if (status === 200) {
    const { id = '', results = [] } = answer;
    return { question: name, at, ending: 'acknowledged', id, results };
  }
  const id = answer.request === undefined ? {} : { id: answer.request };
  return { question: name, at, ending: 'refused', code: answer.code ?? `status ${status}`, ...id };
}
