import type { Clock } from '../../../kernel/clock/index.js';
import { type ErrorRecord, StarlingError } from '../../../kernel/errors/index.js';
import { contentHash } from '../../../kernel/identity/index.js';
import { traceparent } from '../../../kernel/telemetry/index.js';
import type { Agent, AgentDirectory, ChainOutcome, ExecuteOptions } from '../agent/index.js';
import type { AnswerFiles } from '../answers/index.js';
import type { Chain, Composition } from '../compose/index.js';
import type { DataSet } from '../model/index.js';
import {
  type OrderClaims,
  type OrderSigner,
  openReceipt,
  type ReceiptClaims,
  signOrder,
} from '../order/index.js';
import type { Partials } from '../steps/index.js';
import type { LiveRequest } from './live-request.js';
import { namedResults } from './named-results.js';
import { orderClaims } from './order-for.js';
import type { Result, RunRecord } from './request-record.js';
import { whileOrderCounts } from './while-order-counts.js';

/** How much of a statement a record shows, in characters: the question itself is kept whole beside it. */
const shownStatement = 4_000;

/** What dispatching needs besides the request. */
export interface DispatchContext {
  readonly directory: AgentDirectory;
  readonly files: AnswerFiles;
  readonly dataSet: DataSet;
  readonly signer: OrderSigner;
  readonly clock: Clock;
}

/** One chain that came to its end. */
interface Ended {
  readonly chain: Chain;
  readonly outcome?: ChainOutcome;
  /** Bytes of released rows. */
  readonly bytes: number;
  readonly error?: StarlingError;
}

/**
 * Sends the orders of a composition to the agents and gathers what they release. Where each provider answers by itself,
 * one that fails is a result with an error, and the others stand; where answers are merged, all are needed, and the first
 * that fails ends the rest at once. Throws where no answer is left.
 */
export async function dispatch(
  live: LiveRequest,
  composition: Composition,
  context: DispatchContext,
): Promise<readonly Result[]> {
  const providers = composition.chains.filter((chain) => chain.place === 'dataProvider');
  const compute = composition.chains.find((chain) => chain.place === 'computeProvider');
  const merged = compute !== undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([live.signal, stop.signal]);
  const ended = await Promise.all(
    providers.map(async (chain) => {
      const one = await runChain(live, composition, chain, [], signal, context);
      if (merged && one.error !== undefined) stop.abort(one.error);
      return one;
    }),
  );
  live.throwIfStopped();
  if (compute === undefined) return ownAnswers(live, ended, context);
  const failed = stop.signal.aborted ? StarlingError.from(stop.signal.reason) : undefined;
  if (failed !== undefined) throw failed;
  const inputs = ended.map((one) => partialsOf(live, one, compute.party));
  await live.entered();
  const computed = await runChain(live, composition, compute, inputs, signal, context);
  if (computed.error !== undefined) throw computed.error;
  return [
    answerOf(
      live,
      computed,
      providers.map((chain) => chain.party),
      context,
    ),
  ];
}

async function runChain(
  live: LiveRequest,
  composition: Composition,
  chain: Chain,
  inputs: readonly Partials[],
  signal: AbortSignal,
  context: DispatchContext,
): Promise<Ended> {
  const { directory, files, clock } = context;
  const { party, place, steps } = chain;
  const startedAt = clock.wallTime();
  const begun: RunRecord = { party, place, steps, state: 'running', startedAt, phases: [], read: [] };
  live.run(begun);
  live.event('run-started', `${party} was asked to run ${steps.map((one) => one.step).join(', ')}.`, party);
  let bytes = 0;
  try {
    const agent = directory.get(party);
    if (agent === undefined)
      throw new StarlingError('provider-unavailable', `${party} is not there any more. Ask again later.`);
    const claims = await orderClaims({ live, composition, chain, inputs, now: startedAt, ...context });
    const outcome = await executed(agent, claims, inputs, live, context, {
      signal,
      onProgress: ({ phase }) => live.event('run-progress', phase, party),
      onRows: async (rows) => {
        bytes = await files.write(live.id, party, rows);
      },
    });
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

/** Signs an order, has it executed, and holds what comes back against the receipt for it. */
async function executed(
  agent: Agent,
  claims: OrderClaims,
  inputs: readonly Partials[],
  live: LiveRequest,
  { signer, clock }: DispatchContext,
  options: ExecuteOptions,
): Promise<ChainOutcome> {
  const signed = await signOrder(claims, signer.key);
  const trace = traceparent();
  const order = { signed, inputs, ...(trace === undefined ? {} : { traceparent: trace }) };
  let outcome: ChainOutcome;
  try {
    outcome = await whileOrderCounts({ claims, clock, signal: options.signal }, (signal) =>
      agent.execute(order, { ...options, signal }),
    );
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    const { receipt, ...details } = error.details ?? {};
    if (typeof receipt !== 'string') throw error;
    await takeReceipt(receipt, claims, live, signer);
    throw new StarlingError(error.code, error.message, { details, cause: error.cause });
  }
  const { released } = await takeReceipt(outcome.receipt, claims, live, signer);
  if (released === contentHash(outcome.report.result)) return outcome;
  throw new StarlingError(
    'signature-invalid',
    `What came from ${claims.aud} is not what its agent signed a receipt for. It is not taken; ask again, and tell the operator of ${claims.aud}.`,
    { details: { party: claims.aud, order: claims.jti } },
  );
}

async function takeReceipt(
  receipt: string,
  order: OrderClaims,
  live: LiveRequest,
  signer: OrderSigner,
): Promise<ReceiptClaims> {
  const { claims, head } = await openReceipt(receipt, order, signer.keysOf(order.aud));
  const { outcome, released } = claims;
  const entry = signer.audit.append('order-ended', {
    order: order.jti,
    party: order.aud,
    request: order.request,
    user: order.question.user.id,
    dataSet: order.question.dataSet,
    outcome,
    ...(released === undefined ? {} : { released }),
  });
  // written beside what follows, mostly in one write with the end of the request
  live.entering(Promise.all([signer.audit.keep(head, claims.auditHead), entry]));
  live.receipts.push({ order: order.jti, party: order.aud, outcome, receipt });
  return claims;
}

function ownAnswers(live: LiveRequest, ended: readonly Ended[], context: DispatchContext): readonly Result[] {
  const first = ended.find((one) => one.error !== undefined);
  if (first?.error !== undefined && ended.every((one) => one.error !== undefined)) throw first.error;
  return ended.map((one) => {
    if (one.error === undefined) return answerOf(live, one, [one.chain.party], context);
    const error: ErrorRecord = one.error.toRecord();
    return { providers: [one.chain.party], computedAt: one.chain.party, error };
  });
}

function answerOf(
  live: LiveRequest,
  ended: Ended,
  providers: readonly string[],
  context: DispatchContext,
): Result {
  const { party } = ended.chain;
  const result = ended.outcome?.report.result;
  const base = { providers, computedAt: party };
  if (result?.kind === 'rows') {
    cross(live, party, 'requester', 'rows', result.rows, ended.bytes);
    return { ...base, rows: { columns: result.columns, rows: result.rows, bytes: ended.bytes } };
  }
  if (result?.kind !== 'answer') throw new StarlingError('internal', `${party} released no answer.`);
  cross(live, party, 'requester', 'answer', result.table.rows.length, size(result.table));
  const { algorithm } = live.record.question;
  const named = algorithm === undefined ? undefined : namedResults(result.table, algorithm, context.dataSet);
  return { ...base, table: result.table, ...(named === undefined ? {} : { named }) };
}

function partialsOf(live: LiveRequest, { chain, outcome }: Ended, to: string): Partials {
  const result = outcome?.report.result;
  if (result?.kind !== 'partials')
    throw new StarlingError('internal', `${chain.party} released no partials.`);
  cross(live, chain.party, to, 'partials', result.partials.rows.length, size(result.partials));
  return result.partials;
}

function cross(
  live: LiveRequest,
  from: string,
  to: string,
  what: 'answer' | 'partials' | 'rows',
  rows: number,
  bytes: number,
): void {
  live.change({ crossings: [...live.record.crossings, { from, to, what, rows, bytes }] });
}

function shortened(statement: string): string {
  return statement.length <= shownStatement ? statement : `${statement.slice(0, shownStatement)} …`;
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
