import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../lab/report.js';
import { type Asked, type ExchangeHistory, rightKey } from './history.js';

/** Codes that say that a machine or process was not there, or was busy. Anything else would be a fault of its own. */
const absences = [
  'provider-unavailable',
  'run-died',
  'gateway-unreachable',
  'shutting-down',
  'request-refused',
  'no-common-archetype',
  'request-cancelled',
  'pool-exhausted',
  'time-limit',
];

/** Everything that is wrong with a history of requests; nothing where every promise was kept. */
export function checkHistory(history: ExchangeHistory): Problem[] {
  return [
    ...history.asked.flatMap((one) => checkAnswer(one, history)),
    ...checkEnds(history),
    ...history.leftRows.map((file) => wrong(`rows were left in ${file}`)),
    ...history.auditProblems.map(wrong),
  ];
}

/** What was answered is right, and complete where the question wants that; what was not says why. */
function checkAnswer(asked: Asked, { questions, right }: ExchangeHistory): Problem[] {
  const name = `${asked.question} of ${asked.client} (${asked.id ?? 'no id'})`;
  if (asked.code !== undefined && !absences.includes(asked.code))
    return [wrong(`${name} ended with ${asked.code}`)];
  if (asked.results === undefined) return [];
  const question = questions.find((each) => each.name === asked.question);
  const answered = new Set<string>();
  const problems: Problem[] = [];
  for (const { providers, rows, error } of asked.results) {
    if (error !== undefined) {
      if (!absences.includes(error.code))
        problems.push(wrong(`${name}: ${providers} ended with ${error.code}`));
      continue;
    }
    for (const provider of providers) {
      if (answered.has(provider))
        problems.push({ kind: 'doubled', text: `${name}: ${provider} is in two results` });
      answered.add(provider);
    }
    if (!isDeepStrictEqual(rows, right.get(rightKey(providers))))
      problems.push(wrong(`${name}: ${providers} is ${JSON.stringify(rows)}`));
  }
  if (answered.size === 0 && asked.results.every(({ error }) => error === undefined))
    problems.push(wrong(`${name} was answered with nothing`));
  if (
    question?.isPartial === false &&
    asked.results.some(({ providers, error }) => !error && isLess(providers, question.body))
  )
    problems.push(wrong(`${name} was answered without a provider that it could not go without`));
  return problems;
}

/** Whether one answer of several is of fewer than were asked, where they are asked for one answer. */
function isLess(providers: readonly string[], body: Readonly<Record<string, unknown>>): boolean {
  const wanted = body.dataProviders;
  return body.archetype !== 'computeToData' && Array.isArray(wanted) && providers.length < wanted.length;
}

/** Every request has an end, each its own id, and what a client was told to be answered is so. */
function checkEnds({ asked, listed }: ExchangeHistory): Problem[] {
  const states = new Map(listed.map(({ id, state }) => [id, state]));
  const problems = listed
    .filter(({ state }) => state === 'running')
    .map(({ id }) => wrong(`${id} has no end`));
  const told = new Set<string>();
  for (const { id, results, client } of asked) {
    if (id === undefined) continue;
    if (told.has(id))
      problems.push({ kind: 'doubled', text: `${id} is of two requests, the one of ${client}` });
    told.add(id);
    const state = states.get(id);
    if (state === undefined)
      problems.push({ kind: 'lost', text: `${id} was told to ${client}, and is gone` });
    else if (results !== undefined && state !== 'answered')
      problems.push({ kind: 'lost', text: `${id} was answered to ${client}, and is ${state}` });
  }
  return problems;
}

function wrong(text: string): Problem {
  return { kind: 'wrong', text };
}
