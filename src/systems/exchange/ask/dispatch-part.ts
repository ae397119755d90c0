import { StarlingError } from '../../../kernel/errors/index.js';
import type { Chain, ComputeProviderChain, DataProviderChain, PartChains } from '../compose/index.js';
import type { Partials } from '../steps/index.js';
import { takeAnswer, takePartials } from './released.js';
import type { AbsentProvider, Result } from './request-record.js';
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

async function mergedAnswer(
  providers: readonly DataProviderChain[],
  compute: ComputeProviderChain,
  context: RunContext,
): Promise<Result> {
  const { live } = context;
  const partial = live.record.question.allowPartial === true;
  const stop = new AbortController();
  const signal = AbortSignal.any([live.signal, stop.signal]);
  const ended = await Promise.all(
    providers.map(async (chain) => {
      const one = await runChain(chain, [], signal, context);
      if (!partial && one.error !== undefined) stop.abort(one.error);
      return one;
    }),
  );
  live.throwIfStopped();
  if (stop.signal.aborted) throw StarlingError.from(stop.signal.reason);
  const inputs = ended.map((one) => inputOf(one, compute.party, context));
  const taken = inputs.flatMap(({ party, partials }) =>
    partials === undefined ? [] : [{ party, partials }],
  );
  const absent = inputs.flatMap(({ party, error }): AbsentProvider[] =>
    error === undefined ? [] : [{ provider: party, error: error.toRecord() }],
  );
  const first = inputs.find(({ error }) => error !== undefined)?.error;
  if (first !== undefined && (!partial || taken.length === 0)) throw first;
  const receivesFrom = taken.map(({ party }) => party);
  await live.entered();
  const computed = await runChain(
    { ...compute, receivesFrom },
    taken.map(({ partials }) => partials),
    signal,
    context,
  );
  if (computed.error !== undefined) throw computed.error;
  return takeAnswer(computed, receivesFrom, context, absent);
}

/** What one provider sends to be merged, or why it sends nothing. */
interface Input {
  readonly party: Chain['party'];
  readonly partials?: Partials;
  readonly error?: StarlingError;
}

function inputOf(ended: EndedChain, to: string, { live }: RunContext): Input {
  const { party } = ended.chain;
  try {
    if (ended.error !== undefined) throw ended.error;
    return { party, partials: takePartials(ended, to, live) };
  } catch (thrown) {
    return { party, error: StarlingError.from(thrown) };
  }
}
