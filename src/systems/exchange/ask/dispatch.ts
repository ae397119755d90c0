import { StarlingError } from '../../../kernel/errors/index.js';
import { chainsOf } from '../compose/index.js';
import type { Part } from '../place/index.js';
import { type Dispatched, dispatchPart } from './dispatch-part.js';
import type { Result } from './request-record.js';
import type { RunContext } from './run-chain.js';

/**
 * Sends the orders of a composition to the agents and gathers what they release, each part by itself: one that fails is a
 * result with an error, and the others stand. Throws what the first failed with where no answer is left, and what the
 * request was stopped with.
 */
export async function dispatch(context: RunContext): Promise<readonly Result[]> {
  const { live, composition } = context;
  const { parts, chains } = composition;
  const dispatched = await Promise.all(
    parts.map((part) =>
      dispatchPart(chainsOf(part, chains), context).catch((thrown) =>
        failedPart(part, StarlingError.from(thrown)),
      ),
    ),
  );
  live.throwIfStopped();
  const all = dispatched.flat();
  const failed = all.find(({ error }) => error !== undefined)?.error;
  if (failed !== undefined && all.every(({ error }) => error !== undefined)) throw failed;
  return all.map(({ result }) => result);
}

function failedPart({ archetype, computeProvider, providers }: Part, error: StarlingError): Dispatched[] {
  const unanswered =
    computeProvider === undefined
      ? providers.map((provider) => ({ providers: [provider], computedAt: provider }))
      : [{ providers, computedAt: computeProvider }];
  return unanswered.map((where) => ({ result: { ...where, archetype, error: error.toRecord() }, error }));
}
