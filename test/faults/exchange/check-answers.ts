import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../lab/report.js';
import { type AgreementsInForce, newsMs, type Version } from './agreements-in-force.js';
import {
  type ExchangeHistory,
  type Operation,
  rightKey,
  type SeenRequest,
  type SeenResult,
} from './history.js';
import { operationName } from './operation-name.js';
import { isAllowed, questionOf } from './questions.js';

/** The moment that an answer is made at is known this well, in milliseconds: clocks are put right meanwhile. */
const clockMs = 1_000;
/** Kinds of operations that ask, so that their time is the one in which they were answered. */
const asking = ['ask', 'ask again', 'follow', 'cancel'];
/** Kinds that name whom they ask: a job that is asked again asks those who took part in it. */
const naming = ['ask', 'follow', 'cancel'];

/** What was answered is right, was allowed then, and says of everybody who was asked what became of it. */
export function checkAnswers(history: ExchangeHistory, agreements: AgreementsInForce): Problem[] {
  return history.operations.flatMap((operation) => {
    const { seen } = operation;
    const problems = checkDecisions(operation, agreements);
    if (seen?.state === 'answered')
      problems.push(
        ...checkFigures(operation, seen, history),
        ...(asking.includes(operation.kind) ? checkAllowed(operation, seen, history, agreements) : []),
        ...(naming.includes(operation.kind) ? checkComplete(operation, seen) : []),
      );
    return problems.map(({ kind, text }) => ({ kind, text: `${operationName(operation)}: ${text}` }));
  });
}

/** Who is said to allow a question did so, as far as the gateway had heard. */
function checkDecisions(
  { question, decisions = [], calledAt, at }: Operation,
  agreements: AgreementsInForce,
): Problem[] {
  return decisions
    .filter(({ approved }) => approved)
    .filter(
      ({ provider }) =>
        !agreements
          .known(provider, calledAt - newsMs, at)
          .some(({ allowed }) => isAllowed(questionOf(question), allowed)),
    )
    .map(({ provider }) => wrong(`${provider} is said to allow it, and did not`));
}

function checkFigures(operation: Operation, { results }: SeenRequest, { right }: ExchangeHistory): Problem[] {
  const problems: Problem[] = [];
  const answering = new Set<string>();
  for (const result of results.filter(({ error }) => error === undefined)) {
    for (const provider of result.providers) {
      if (answering.has(provider)) problems.push({ kind: 'doubled', text: `${provider} is in two results` });
      answering.add(provider);
    }
    if (!isDeepStrictEqual(result.rows, right.get(rightKey(result.providers))))
      problems.push(wrong(`${rightKey(result.providers)} is ${JSON.stringify(result.rows)}`));
    const { archetype } = questionOf(operation.question).body;
    if (archetype !== undefined && result.archetype !== archetype)
      problems.push(wrong(`it was answered as ${result.archetype}, and not as ${archetype}`));
  }
  if (answering.size === 0) problems.push(wrong('it was answered with nothing'));
  return problems;
}

function checkAllowed(
  { calledAt, at }: Operation,
  { results, endedAt }: SeenRequest,
  { wallAheadMs }: ExchangeHistory,
  agreements: AgreementsInForce,
): Problem[] {
  const made = endedAt === undefined ? calledAt : Date.parse(endedAt) - wallAheadMs - clockMs;
  const problems: Problem[] = [];
  for (const { provider, result } of answeredBy(results)) {
    const allows = ({ allowed }: Version) => allowed.includes(result.archetype ?? '');
    if (!agreements.during(provider, calledAt, at).some(allows))
      problems.push(wrong(`${provider} did not allow ${result.archetype} at any time of it`));
    else if (!agreements.known(provider, Math.max(calledAt, made), at).some(allows))
      problems.push(wrong(`${provider} had withdrawn ${result.archetype} when it was answered`));
  }
  return problems;
}

function answeredBy(results: readonly SeenResult[]) {
  return results.flatMap((result) =>
    result.error === undefined ? result.providers.map((provider) => ({ provider, result })) : [],
  );
}

/** Who was asked is in a result, or is said to have refused, to be away, or to have failed where an answer does without. */
function checkComplete(operation: Operation, { results, refused, absent }: SeenRequest): Problem[] {
  const { body } = questionOf(operation.question);
  const without = results.flatMap((result) => (result.absent ?? []).map(({ provider }) => provider));
  const named = new Set([
    ...results.flatMap((result) => result.providers),
    ...refused.map(({ provider }) => provider),
    ...absent,
    ...without,
  ]);
  const problems = body.dataProviders
    .filter((provider) => !named.has(provider))
    .map((provider) => wrong(`nothing is said of ${provider}`));
  if (without.length > 0 && body.allowPartial !== true)
    problems.push(wrong(`it was answered without ${without}, which it could not go without`));
  return problems;
}

function wrong(text: string): Problem {
  return { kind: 'wrong', text };
}
