import type { Problem } from '../../lab/report.js';
import { type ExchangeHistory, isEnd, type Operation } from './history.js';
import { operationName } from './operation-name.js';

/** Kinds of operations that make a request. */
const making = ['ask', 'ask again', 'follow', 'cancel'];

/** Every request has an end, each its own id, is known at every gateway from when it was told, and ends as anybody was told. */
export function checkEnds({ operations, listed }: ExchangeHistory): Problem[] {
  const states = new Map(listed.map(({ id, state }) => [id, state]));
  const problems: Problem[] = listed
    .filter(({ state }) => state === 'running')
    .map(({ id }) => ({ kind: 'wrong', text: `${id} has no end` }));
  const made = new Set<string>();
  for (const operation of operations) {
    const { id, kind, code } = operation;
    if (id === undefined) continue;
    const name = operationName(operation);
    if (making.includes(kind)) {
      if (made.has(id)) problems.push({ kind: 'doubled', text: `${name}: it has the id of another request` });
      made.add(id);
    }
    const state = states.get(id);
    const told = toldState(operation);
    if (state === undefined) problems.push({ kind: 'lost', text: `${name}: it was told, and is gone` });
    else if (code === 'not-found') problems.push({ kind: 'lost', text: `${name}: it was not known there` });
    else if (told === 'no answer') {
      if (state === 'answered')
        problems.push({ kind: 'wrong', text: `${name}: it was told to be ${code}, and is answered` });
    } else if (told !== undefined && told !== 'running' && told !== state)
      problems.push({ kind: 'lost', text: `${name}: it was told to be ${told}, and is ${state}` });
  }
  return problems;
}

/** The state that a request was said to be in; `no answer` where that is all that a problem tells of its end. */
function toldState({ kind, seen, state, code, events = [] }: Operation): string | undefined {
  const last = events.at(-1);
  const told = seen?.state ?? state ?? (isEnd(last) ? last?.type : undefined);
  if (told !== undefined) return told;
  return code !== undefined && (kind === 'ask' || kind === 'ask again') ? 'no answer' : undefined;
}
