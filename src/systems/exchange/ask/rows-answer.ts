import { StarlingError } from '../../../kernel/errors/index.js';
import type { ComputeProviderChain, DataProviderChain } from '../compose/index.js';
import type { RowsSource } from '../transfer/index.js';
import type { LiveRequest } from './live-request.js';
import { takeAnswer, takeSent } from './released.js';
import type { AbsentProvider, Result } from './request-record.js';
import { type EndedChain, type RunContext, runChain } from './run-chain.js';

/**
 * One answer over rows that go from providers straight to a compute provider. That is ordered first: when it is ready, the
 * providers get their orders, and when they have ended, it is told who sent all of theirs. The first that fails ends the rest
 * at once and is thrown; but where the request allows a partial answer, those that fail are left out and named in it, as long
 * as anybody is left.
 */
export async function rowsAnswer(
  providers: readonly DataProviderChain[],
  compute: ComputeProviderChain,
  context: RunContext,
): Promise<Result> {
  const { live } = context;
  const partial = live.record.question.allowPartial === true;
  const stop = new AbortController();
  const signal = AbortSignal.any([live.signal, stop.signal]);
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let tellSources = (_sources: readonly RowsSource[]) => {};
  const sources = new Promise<readonly RowsSource[]>((resolve) => {
    tellSources = resolve;
  });
  const computing = runChain(compute, [], signal, context, {
    sources,
    onPhase: (phase) => {
      if (phase === 'ready for rows') isReady();
    },
  }).then((ended) => {
    if (ended.error !== undefined) stop.abort(ended.error);
    return ended;
  });
  try {
    await Promise.race([ready, computing]);
    throwIfStopped(live, stop.signal);
    const ended = await Promise.all(
      providers.map(async (chain) => {
        const one = sentRows(await runChain(chain, [], signal, context));
        if (!partial && one.error !== undefined) stop.abort(one.error);
        return one;
      }),
    );
    const sent = ended.filter(({ error }) => error === undefined);
    if (sent.length === 0) stop.abort(ended[0]?.error);
    throwIfStopped(live, stop.signal);
    for (const one of sent) takeSent(one, compute.party, live);
    await live.entered();
    tellSources(sent.map(({ chain, outcome }) => ({ party: chain.party, receipt: outcome?.receipt ?? '' })));
    const computed = await computing;
    throwIfStopped(live, stop.signal);
    const absent = ended.flatMap(({ chain: { party }, error }): AbsentProvider[] =>
      error === undefined ? [] : [{ provider: party, error: error.toRecord() }],
    );
    const parties = sent.map(({ chain }) => chain.party);
    return takeAnswer(computed, parties, context, absent);
  } catch (thrown) {
    // nothing is left to wait for what will not come
    stop.abort(thrown);
    await computing;
    throw thrown;
  }
}

function throwIfStopped(live: LiveRequest, signal: AbortSignal): void {
  live.throwIfStopped();
  if (signal.aborted) throw StarlingError.from(signal.reason);
}

/** A provider that ended without sending its rows has failed, whatever it says. */
function sentRows(ended: EndedChain): EndedChain {
  if (ended.error !== undefined || ended.outcome?.report.result.kind === 'sent') return ended;
  return { ...ended, error: new StarlingError('internal', `${ended.chain.party} sent no rows.`) };
}
