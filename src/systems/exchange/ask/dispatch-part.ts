import { StarlingError } from '../../../kernel/errors/index.js';
import type { PartChains } from '../compose/index.js';
import { mergedAnswer } from './merged-answer.js';
import { takeAnswer } from './released.js';
import type { Result } from './request-record.js';
import { rowsAnswer } from './rows-answer.js';
import { type EndedChain, type RunContext, runChain } from './run-chain.js';

/** A result; where it has an error, that as it was thrown, too. */
export interface Dispatched {
  readonly result: Result;
  readonly error?: StarlingError;
}

/**
 * Runs the chains of one part. Where each provider answers by itself, one that fails is a result with an error. One merged
 * answer needs all: the first that fails ends the rest at once, and is thrown; but where the request allows a partial
 * answer, those that fail are left out and named in it, as long as anybody is left.
 */
export async function dispatchPart(
  { providers, compute }: PartChains,
  context: RunContext,
): Promise<readonly Dispatched[]> {
  if (compute?.receives === 'rows') return [{ result: await rowsAnswer(providers, compute, context) }];
  if (compute !== undefined) return [{ result: await mergedAnswer(providers, compute, context) }];
  const { live } = context;
  const ended = await Promise.all(providers.map((chain) => runChain(chain, [], live.signal, context)));
  return ended.map((one) => ownAnswer(one, context));
}

function ownAnswer(ended: EndedChain, context: RunContext): Dispatched {
  const { party, archetype } = ended.chain;
  try {
    if (ended.error !== undefined) throw ended.error;
    return { result: takeAnswer(ended, [party], context) };
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    return { result: { providers: [party], computedAt: party, archetype, error: error.toRecord() }, error };
  }
}
