import { problemOf, StarlingProblem } from './problem.js';

/** How openapi-fetch tells what a call came to. */
export interface Called<Answer> {
  readonly data?: Answer;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * What a call was answered with: `await answerOf(starling.api.GET('/api/v1/data-sets'))`. Throws a `StarlingProblem` where
 * it was refused or failed, or where no gateway answers, and the signal's reason where it was aborted.
 */
export async function answerOf<Answer>(call: Promise<Called<Answer>>): Promise<Answer> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    throw fetchFailure(thrown);
  });
  if (!response.ok) throw problemOf(response.status, error);
  // without a body there is nothing, and the type of such an answer says so
  return data as Answer;
}

/** `fetch` throws a TypeError where there is no connection, and a SyntaxError is of a body that is no JSON. */
function fetchFailure(thrown: unknown): unknown {
  if (!(thrown instanceof TypeError || thrown instanceof SyntaxError)) return thrown;
  const { cause } = thrown;
  const why = cause instanceof Error && cause.message !== '' ? cause.message : thrown.message;
  const message = `No gateway answers: ${why}. Check the address, and that the gateway runs.`;
  return new StarlingProblem('gateway-unreachable', message, { cause: thrown });
}
