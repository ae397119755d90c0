import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { AgentDirectory, ChainOutcome, ChainProgress, ExecuteOptions } from '../agent/index.js';
import { type AnswerStore, rowsName } from '../answers/index.js';
import type { Chain, Composition } from '../compose/index.js';
import type { DataSet, Fit } from '../model/index.js';
import type { OrderSigner } from '../order/index.js';
import type { Partials } from '../steps/index.js';
import { executeOrder } from './execute-order.js';
import type { LiveRequest } from './live-request.js';
import { orderClaims } from './order-for.js';
import type { RunRecord } from './request-record.js';

/** How much of a statement a record shows, in characters: the question itself is kept whole beside it. */
const shownStatement = 4_000;

/** What the chains of a request are run with. */
export interface RunContext {
  readonly live: LiveRequest;
  readonly composition: Composition;
  readonly directory: AgentDirectory;
  readonly answers: AnswerStore;
  readonly dataSet: DataSet;
  readonly signer: OrderSigner;
  readonly clock: Clock;
}

/** One chain that came to its end: `outcome`, or else `error`. */
export interface EndedChain {
  readonly chain: Chain;
  readonly outcome?: ChainOutcome;
  /** Bytes of released rows. */
  readonly bytes: number;
  readonly error?: StarlingError;
}

/** What else a chain is told, and tells while it runs. */
export interface ChainOptions extends Pick<ExecuteOptions, 'sources'> {
  readonly onPhase?: (phase: ChainProgress['phase']) => void;
  /** The round, of an algorithm that goes over the rows several times; absent for the first pass. */
  readonly fit?: Fit | undefined;
}

/** Has a chain run by the agent of its party, and records how that goes. Never rejects: an error is part of the end. */
export async function runChain(
  chain: Chain,
  inputs: readonly Partials[],
  signal: AbortSignal,
  context: RunContext,
  { sources, onPhase, fit }: ChainOptions = {},
): Promise<EndedChain> {
  const { live, directory, answers, clock } = context;
  const { party, place, archetype, steps } = chain;
  const startedAt = clock.wallTime();
  const begun: RunRecord = {
    party,
    place,
    archetype,
    steps,
    state: 'running',
    startedAt,
    phases: [],
    read: [],
  };
  live.run(begun);
  live.event('run-started', `${party} was asked to run ${steps.map((one) => one.step).join(', ')}.`, party);
  let bytes = 0;
  try {
    const agent = directory.get(party);
    if (agent === undefined)
      throw new StarlingError('provider-unavailable', `${party} is not there any more. Ask again later.`);
    const claims = await orderClaims({ chain, inputs, fit, now: startedAt, ...context });
    const options = {
      signal,
      onProgress: ({ phase }: ChainProgress) => {
        live.event('run-progress', phase, party);
        onPhase?.(phase);
      },
      ...(sources === undefined ? {} : { sources }),
      onRows: async (rows: Parameters<AnswerStore['write']>[2]) => {
        bytes = await answers.write(live.id, rowsName({ computedAt: party, archetype }), rows);
      },
    };
    const outcome = await executeOrder(agent, claims, inputs, options, context);
    const { report, waitedMs } = outcome;
    const { statement, crossJoined } = report;
    live.run({
      ...begun,
      state: 'done',
      endedAt: clock.wallTime(),
      waitedMs,
      phases: report.phases,
      read: report.read,
      ...(crossJoined === true ? { crossJoined } : {}),
      ...(statement === undefined ? {} : { statement: shortened(statement) }),
    });
    live.event('run-done', `${party} is done after ${Math.round(outcome.ranMs)} ms.`, party);
    return { chain, outcome, bytes };
  } catch (thrown) {
    const error = presentable(StarlingError.from(thrown), party);
    live.run({ ...begun, state: 'failed', endedAt: clock.wallTime(), error: error.toRecord() });
    live.event('run-failed', error.message, party);
    return { chain, bytes, error };
  }
}

/** An error as the record may show it: what went wrong inside stays its cause, for the log. */
function presentable(error: StarlingError, party: string): StarlingError {
  if (error.code !== 'internal') return error;
  const message = `The run at ${party} failed by an error of Starling itself. The log says more; ask again.`;
  return new StarlingError('internal', message, { cause: error });
}

function shortened(statement: string): string {
  return statement.length <= shownStatement ? statement : `${statement.slice(0, shownStatement)} …`;
}
