import type { Readable } from 'node:stream';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { DataProviderChain } from '../compose/index.js';
import type { Order, OrderClaims } from '../order/index.js';
import type { QueryOrder, RunOrder, RunPool, RunReport, StepOrder } from '../runs/index.js';
import type { ChainOutcome, ExecuteOptions } from './agent.js';
import type { DataSets } from './data-sets.js';
import type { ForeignSteps } from './foreign-steps.js';
import type { LocalAgentOptions } from './local-agent-options.js';
import { measuredRows } from './measured-rows.js';
import type { OrderEntries, RowsThatLeft, Traffic } from './order-entries.js';
import type { RowTransfers } from './row-transfers.js';
import { combineOrder, mergeOrder, queryOrder } from './run-order.js';
import { tracePhases } from './run-telemetry.js';
import type { RunningOrder } from './running-orders.js';
import { withGraph } from './with-graph.js';

/** What chains are run with. */
export interface ChainWorkOptions
  extends Pick<
    LocalAgentOptions,
    'party' | 'clock' | 'telemetry' | 'releases' | 'declarations' | 'pseudonymKey' | 'sizes'
  > {
  readonly pool: RunPool;
  readonly dataSets: DataSets;
  readonly entries: OrderEntries;
  readonly transfers: RowTransfers;
  readonly foreign: ForeignSteps;
}

/** An order that was taken. */
export interface TakenOrder {
  readonly order: Order;
  readonly running: RunningOrder;
  /** Resolves when it is in the audit log; nothing leaves before. */
  readonly recorded: Promise<void>;
  /** Resolves when its outcome is made, or it has failed. */
  readonly answered: Promise<void>;
  readonly options: ExecuteOptions;
}

/** Carries out the chains of orders that an agent has verified and taken. */
export class ChainWork {
  readonly #options: ChainWorkOptions;

  constructor(options: ChainWorkOptions) {
    this.#options = options;
  }

  /** Throws what the run fails with, and what the order is stopped with. */
  async carryOut(taken: TakenOrder): Promise<ChainOutcome> {
    const { clock, telemetry, party, entries, declarations } = this.#options;
    const { running, recorded } = taken;
    const began = clock.now();
    let started = began;
    let startedAt = clock.wallTime();
    let rows: RowsThatLeft | undefined;
    const work = new Work(taken, this.#options, {
      onStart: () => {
        started = clock.now();
        startedAt = clock.wallTime();
        running.recheck();
      },
      onRowsLeft: (left) => {
        rows = left;
      },
    });
    const { report: ran, received } = await work.report();
    const { question, chain } = running.claims;
    const report = withGraph(ran, chain, question, declarations().dataSets.get(question.dataSet)?.value);
    tracePhases(telemetry, party, startedAt, report.phases);
    await recorded;
    running.assertAllowed();
    const receipt = await entries.released(running.claims, report, { rows, received });
    return { report, receipt, waitedMs: started - began, ranMs: clock.now() - started };
  }
}

/** What is told of a run while it works. */
interface WorkEvents {
  readonly onStart: () => void;
  readonly onRowsLeft: (rows: RowsThatLeft) => void;
}

interface WorkReport extends Pick<Traffic, 'received'> {
  readonly report: RunReport;
}

/** The work on one order. */
class Work {
  readonly #taken: TakenOrder;
  readonly #options: ChainWorkOptions;
  readonly #events: WorkEvents;

  constructor(taken: TakenOrder, options: ChainWorkOptions, events: WorkEvents) {
    this.#taken = taken;
    this.#options = options;
    this.#events = events;
  }

  report(): Promise<WorkReport> {
    const { running, options, order } = this.#taken;
    const { chain, question, fit } = running.claims;
    const { transfers, sizes } = this.#options;
    if (chain.place === 'dataProvider') {
      options.onProgress({ phase: 'waiting for a run' });
      return this.#query(chain).then((report) => ({ report }));
    }
    if (chain.receives !== 'rows') {
      options.onProgress({ phase: 'waiting for a run' });
      return this.#execute(mergeOrder(chain, order.inputs, sizes, fit)).then((report) => ({ report }));
    }
    return transfers
      .receive(running, options, (rows) => {
        options.onProgress({ phase: 'waiting for a run' });
        const sent = rows.map((one) => ({ ...one, rule: one.claims.rule }));
        return this.#release(combineOrder(question, chain, sent, sizes));
      })
      .then(({ result, received }) => ({ report: result, received }));
  }

  async #query(chain: DataProviderChain): Promise<RunReport> {
    const { running } = this.#taken;
    const run = await this.#queryOrder(running.claims, chain, running.signal);
    if (run.step !== undefined) return this.#passStep({ ...run, step: run.step });
    if (chain.releases !== 'rows' || chain.computeProvider === undefined) return this.#release(run);
    return this.#options.transfers.send({
      running,
      to: chain.computeProvider,
      run,
      mayLeave: this.#mayLeave,
      execute: (given, signal) => this.#execute(given, signal),
    });
  }

  /** A chain with a foreign step: up to it, through it, and from there on. */
  #passStep(run: QueryOrder & { readonly step: StepOrder }): Promise<RunReport> {
    const { running } = this.#taken;
    const { foreign, entries } = this.#options;
    const { claims, signal } = running;
    return foreign.pass({
      claims,
      run,
      signal,
      upTo: (given, onRows) => this.#execute(given, signal, onRows),
      // figures of a step's own are of persons whom only the step knows: there is nothing to compare
      from: (given) => (run.step.gives === 'aggregates' ? this.#execute(given) : this.#release(given)),
      beforeRows: async (host) => {
        await this.#mayLeave();
        await entries.rowsToStep(claims, run.step.at.step, host);
      },
    });
  }

  /** Figures go out only where they are no more than earlier ones allow; rows are not compared. */
  #release(run: Exclude<RunOrder, { kind: 'merge' }>): Promise<RunReport> {
    const { user, dataSet } = this.#taken.running.claims.question;
    const { releases } = this.#options;
    return releases.release({ requester: user.id, dataSet, run }, (given) => this.#execute(given));
  }

  #execute(
    run: RunOrder,
    signal = this.#taken.running.signal,
    onRows = streamsRows(run) ? (rows: Readable) => this.#releaseRows(rows) : undefined,
  ): Promise<RunReport> {
    const { options, answered } = this.#taken;
    return this.#options.pool.run(run, {
      signal,
      answered,
      onStart: this.#events.onStart,
      onPhase: (phase) => options.onProgress({ phase }),
      onRows,
    });
  }

  async #releaseRows(stream: Readable): Promise<void> {
    await this.#mayLeave();
    this.#events.onRowsLeft(await measuredRows(stream, this.#taken.options.onRows));
  }

  readonly #mayLeave = async (): Promise<void> => {
    await this.#taken.recorded;
    this.#taken.running.assertAllowed();
  };

  async #queryOrder(
    { question, fit }: OrderClaims,
    chain: DataProviderChain,
    signal: AbortSignal,
  ): Promise<QueryOrder> {
    const { declarations, pseudonymKey, sizes, dataSets } = this.#options;
    const { file } = await dataSets.imported(question.dataSet, signal);
    const dataSet = declarations().dataSets.get(question.dataSet)?.value;
    if (dataSet === undefined) {
      const message = `Data set ${question.dataSet} is no longer declared.`;
      throw new StarlingError('data-set-unavailable', message);
    }
    const step = this.#options.foreign.orderOf(this.#taken.running.claims);
    const run = queryOrder(question, chain, dataSet, file, pseudonymKey, sizes, step);
    return fit === undefined ? run : { ...run, fit };
  }
}

/** Rows for the requester come as a stream; those for a compute provider go another way. */
function streamsRows(run: RunOrder): boolean {
  if (run.kind === 'merge' || run.algorithm !== undefined) return false;
  return run.kind === 'combine' || (run.transfer === undefined && run.step === undefined);
}
