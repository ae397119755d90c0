import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { extractContext, type Telemetry } from '../../../kernel/telemetry/index.js';
import type { Catalogue } from '../model/index.js';
import { type CapSupport, missingCaps, type PoolSizes, type RunOrder, RunPool } from '../runs/index.js';
import type { Agent, AgentStatus, ChainOutcome, ExecuteOptions, Order } from './agent.js';
import { DataSets } from './data-sets.js';
import { pseudonymKey } from './pseudonym-key.js';
import { defaultLimits, mergeOrder, queryOrder } from './run-order.js';
import { SeenOrders } from './seen-orders.js';
import { createTurns, type Turns } from './turns.js';
import { verifyOrder } from './verify-order.js';

export interface LocalAgentOptions {
  readonly party: string;
  /** The agent's own folder; nobody else reads it. */
  readonly folder: string;
  /** Relative paths of the configuration start here. */
  readonly sourceFolder: string;
  /** What is in force now. The agent re-decides every order by it. */
  readonly catalogue: () => Catalogue;
  readonly sizes: PoolSizes;
  readonly support: CapSupport;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Shared by agents of one machine; one of its own if not given. */
  readonly turns?: Turns;
}

/** An agent that runs in this process; its runs are processes of their own all the same. */
export async function openLocalAgent(options: LocalAgentOptions): Promise<LocalAgent> {
  const key = await pseudonymKey(options.folder);
  return new LocalAgent(options, key);
}

export class LocalAgent implements Agent {
  readonly party: string;
  readonly #options: LocalAgentOptions;
  readonly #key: string;
  readonly #pool: RunPool;
  readonly #dataSets: DataSets;
  readonly #seen: SeenOrders;
  readonly #turns: Turns;
  readonly #listeners = new Set<() => void>();

  constructor(options: LocalAgentOptions, key: string) {
    const { party, folder, sourceFolder, catalogue, clock, telemetry, sizes, support } = options;
    const logger = telemetry.logger.child({ party });
    this.party = party;
    this.#options = options;
    this.#key = key;
    this.#seen = new SeenOrders();
    this.#turns = options.turns ?? createTurns(1);
    this.#dataSets = new DataSets({
      party,
      folder,
      sourceFolder,
      catalogue,
      clock,
      logger,
      turns: this.#turns,
      onChange: () => {
        this.#pool.prepareIdle();
        for (const listener of this.#listeners) listener();
      },
    });
    this.#pool = new RunPool({
      party,
      sizes,
      support,
      clock,
      likelyDatabase: () => this.#dataSets.likelyFile(),
      likelyMemoryMegabytes: defaultLimits.memoryMegabytes,
      onPrivate: (text) => logger.warn({ text }, 'said by a run, for this party only'),
    });
    registerPoolMetrics(telemetry, party, this.#pool);
  }

  /**
   * Begins to import and starts the warm runs, which open what was imported when it is there; resolves when they are
   * ready. Without data sets the runs wait for their turn: others are asked first.
   */
  async start(): Promise<void> {
    this.#dataSets.start();
    const warm = () => this.#pool.start();
    await (this.#dataSets.list().length === 0 ? this.#turns(warm) : warm());
  }

  /** Looks again at what is configured for this party. */
  refresh(): void {
    this.#dataSets.refresh();
  }

  status(): AgentStatus {
    return {
      party: this.party,
      online: true,
      dataSets: this.#dataSets.list(),
      runs: this.#pool.status(),
      weaknesses: missingCaps(this.#options.support),
    };
  }

  async execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome> {
    const { catalogue, clock, telemetry } = this.#options;
    const parent =
      order.traceparent === undefined ? {} : { parent: extractContext({ traceparent: order.traceparent }) };
    const attributes = { 'starling.party': this.party, 'starling.request': order.request };
    return telemetry.withSpan(
      'agent.execute',
      attributes,
      async () => {
        const now = clock.wallTime();
        const seen = (id: string) => this.#seen.has(id);
        verifyOrder({ party: this.party, order, catalogue: catalogue(), now, seen });
        this.#seen.add(order.id, order.expiresAt, now);
        options.onProgress({ phase: 'verified' });
        const began = clock.now();
        options.onProgress({ phase: 'waiting for a run' });
        return this.#run(await this.#runOrder(order, options.signal), began, options);
      },
      parent,
    );
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#dataSets.close()]);
  }

  async #runOrder(order: Order, signal: AbortSignal): Promise<RunOrder> {
    const { chain } = order;
    if (chain.place === 'computeProvider') return mergeOrder(order, this.#options.sizes);
    const dataSet = this.#options.catalogue().dataSets.get(order.question.dataSet)?.value;
    if (dataSet === undefined) {
      throw new StarlingError(
        'data-set-unavailable',
        `Data set ${order.question.dataSet} is no longer declared.`,
      );
    }
    const { file } = await this.#dataSets.imported(order.question.dataSet, signal);
    return queryOrder(order, chain, dataSet, file, this.#key, this.#options.sizes);
  }

  async #run(run: RunOrder, began: number, options: ExecuteOptions): Promise<ChainOutcome> {
    const { clock, telemetry } = this.#options;
    let started = began;
    let startedAt = clock.wallTime();
    const releasesRows = run.kind === 'query' && run.algorithm === undefined;
    const report = await this.#pool.run(run, {
      signal: options.signal,
      onStart: () => {
        started = clock.now();
        startedAt = clock.wallTime();
      },
      onPhase: (phase) => options.onProgress({ phase }),
      onRows: releasesRows ? options.onRows : undefined,
    });
    // the run's process tells how long each phase took; the trace goes on in there by what it tells
    let at = startedAt;
    for (const { name, ms } of report.phases) {
      telemetry.pastSpan(`run ${name}`, { 'starling.party': this.party }, at, at + ms);
      at += ms;
    }
    return { report, waitedMs: started - began, ranMs: clock.now() - started };
  }
}

function registerPoolMetrics(telemetry: Telemetry, party: string, pool: RunPool): void {
  const gauge = telemetry.metrics.gauge(
    'starling_runs',
    'Runs of a party by state: warm, working, waiting.',
    ['party', 'state'],
  );
  telemetry.metrics.beforeText(() => {
    const { warm, working, waiting } = pool.status();
    gauge.set({ party, state: 'warm' }, warm);
    gauge.set({ party, state: 'working' }, working);
    gauge.set({ party, state: 'waiting' }, waiting);
  });
}
