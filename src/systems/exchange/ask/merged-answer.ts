import { StarlingError } from '../../../kernel/errors/index.js';
import type { Chain, ComputeProviderChain, DataProviderChain } from '../compose/index.js';
import type { Fit } from '../model/index.js';
import type { Partials } from '../steps/index.js';
import { takeAnswer, takePartials } from './released.js';
import type { AbsentProvider, Result } from './request-record.js';
import { type EndedChain, type RunContext, runChain } from './run-chain.js';

/**
 * One answer over what providers release to a compute provider: in one pass over their rows, or in as many rounds as the
 * algorithm takes. The first provider that fails ends the rest at once, and is thrown; but where the request allows a partial
 * answer, those that fail in the first pass are left out of it and named in the answer, as long as anybody is left. A fit
 * that has begun needs all that it began with.
 */
export async function mergedAnswer(
  providers: readonly DataProviderChain[],
  compute: ComputeProviderChain,
  context: RunContext,
): Promise<Result> {
  const partial = context.live.record.question.allowPartial === true;
  const first = await mergedRound({ providers, compute, partial, fit: undefined }, context);
  const present = providers.filter(({ party }) => first.receivesFrom.includes(party));
  let last = first;
  for (let fit = nextOf(last, undefined); fit !== undefined; fit = nextOf(last, fit)) {
    last = await mergedRound({ providers: present, compute, partial: false, fit }, context);
  }
  return takeAnswer(last.computed, first.receivesFrom, context, first.absent);
}

/** One pass over the providers' rows. */
interface Round {
  readonly providers: readonly DataProviderChain[];
  readonly compute: ComputeProviderChain;
  /** Whether providers that fail are left out. */
  readonly partial: boolean;
  readonly fit: Fit | undefined;
}

interface Merged {
  /** What the compute provider made of it. */
  readonly computed: EndedChain;
  readonly receivesFrom: readonly string[];
  readonly absent: readonly AbsentProvider[];
}

async function mergedRound(
  { providers, compute, partial, fit }: Round,
  context: RunContext,
): Promise<Merged> {
  const { live } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([live.signal, stop.signal]);
  const ended = await Promise.all(
    providers.map(async (chain) => {
      const one = await runChain(chain, [], signal, context, { fit });
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
  const partials = taken.map((one) => one.partials);
  const computed = await runChain({ ...compute, receivesFrom }, partials, signal, context, { fit });
  if (computed.error !== undefined) throw computed.error;
  return { computed, receivesFrom, absent };
}

/** The round that the compute provider asks for; `undefined` where it has the answer. It gets one that follows the last. */
function nextOf({ computed: { chain, outcome } }: Merged, last: Fit | undefined): Fit | undefined {
  const released = outcome?.report.result;
  if (released?.kind !== 'round') return undefined;
  if (released.fit.round === (last?.round ?? 0) + 1) return released.fit;
  throw new StarlingError(
    'run-failed',
    `${chain.party} asks for round ${released.fit.round} of the fit after round ${last?.round ?? 0}. Ask again, and tell the operator of ${chain.party}.`,
    { details: { party: chain.party } },
  );
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
