import { StarlingError } from '../../../kernel/errors/index.js';
import { extractContext } from '../../../kernel/telemetry/index.js';
import { createTurns, type Turns } from '../../../kernel/turns/index.js';
import { type OpenedOrder, type Order, type OrderClaims, openOrder, orderRefused } from '../order/index.js';
import { missingCaps, RunPool } from '../runs/index.js';
import type {
  Agent,
  AgentAudit,
  AgentStatus,
  AgreementChange,
  AuditQuery,
  ChainOutcome,
  ExecuteOptions,
  SignedAgreement,
} from './agent.js';
import { ChainWork } from './chain-work.js';
import { DataSets } from './data-sets.js';
import { ForeignSteps } from './foreign-steps.js';
import type { LocalAgentOptions } from './local-agent-options.js';
import { OrderEntries } from './order-entries.js';
import { RowTransfers } from './row-transfers.js';
import { defaultLimits } from './run-order.js';
import { registerPoolMetrics } from './run-telemetry.js';
import { RunningOrders } from './running-orders.js';
import { assertSteward } from './trust.js';
import { lostReasons, type OwnGround, refusalReasons } from './verify-order.js';

/** A party's agent itself; its runs are processes of their own. */
export class LocalAgent implements Agent {
  readonly party: string;
  readonly #options: LocalAgentOptions;
  readonly #pool: RunPool;
  readonly #dataSets: DataSets;
  readonly #running: RunningOrders;
  readonly #entries: OrderEntries;
  readonly #foreign: ForeignSteps;
  readonly #transfers: RowTransfers;
  readonly #work: ChainWork;
  readonly #turns: Turns;
  readonly #listeners = new Set<() => void>();
  readonly #stopFollowing: () => void;

  constructor(options: LocalAgentOptions) {
    const { party, folder, sourceFolder, declarations, clock, telemetry, sizes, support } = options;
    const logger = telemetry.logger.child({ party });
    this.party = party;
    this.#options = options;
    this.#turns = options.turns ?? createTurns(1);
    this.#entries = new OrderEntries(options);
    this.#foreign = new ForeignSteps(options);
    this.#running = new RunningOrders({ party, lost: (claims) => lostReasons(claims, this.#ground()) });
    this.#dataSets = new DataSets({
      party,
      folder,
      sourceFolder,
      catalogue: declarations,
      clock,
      logger,
      turns: this.#turns,
      onChange: () => {
        this.#pool.prepareIdle();
        this.#tell();
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
    this.#transfers = new RowTransfers(options);
    this.#work = new ChainWork({
      ...options,
      pool: this.#pool,
      dataSets: this.#dataSets,
      entries: this.#entries,
      transfers: this.#transfers,
      foreign: this.#foreign,
    });
    this.#stopFollowing = options.book.onChange(() => {
      this.#running.recheck();
      this.#tell();
    });
    registerPoolMetrics(telemetry, party, this.#pool);
  }

  /**
   * Begins to import and starts the warm runs, which open what was imported when it is there; resolves when they are
   * ready. Without data sets the runs wait for their turn: others are asked first.
   */
  async start(): Promise<void> {
    // at once: an order may come in this very moment, and waits for what is being imported
    this.#dataSets.start();
    await this.#foreign.open();
    const warm = () => this.#pool.start();
    await (this.#dataSets.list().length === 0 ? this.#turns(warm) : warm());
  }

  /** Looks again at what the party declares. */
  refresh(): void {
    this.#running.recheck();
    this.#dataSets.refresh();
  }

  status(): AgentStatus {
    const agreement = this.#options.book.current();
    const { address } = this.#transfers;
    return {
      party: this.party,
      online: true,
      dataSets: this.#dataSets.list(),
      runs: this.#pool.status(),
      weaknesses: missingCaps(this.#options.support),
      ...(address === undefined ? {} : { rowsAddress: address }),
      ...(agreement === undefined ? {} : { agreement }),
    };
  }

  async execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome> {
    const { telemetry } = this.#options;
    const { traceparent } = order;
    const parent = traceparent === undefined ? {} : { parent: extractContext({ traceparent }) };
    const opened = await this.#open(order);
    const { claims } = opened;
    return telemetry.withSpan(
      'agent.execute',
      { 'starling.party': this.party, 'starling.request': claims.request },
      async () => {
        try {
          return await this.#take(order, opened, options);
        } catch (thrown) {
          throw await this.#entries.ended(claims, this.#presentable(claims, StarlingError.from(thrown)));
        }
      },
      parent,
    );
  }

  async changeAgreement({ agreement, ifVersion, caller }: AgreementChange): Promise<SignedAgreement> {
    const { trust, book } = this.#options;
    const { id: changedBy } = await assertSteward(caller, this.party, trust.people);
    return book.change({ agreement, ifVersion, changedBy });
  }

  async audit({ caller, ...page }: AuditQuery): Promise<AgentAudit> {
    const { trust, audit } = this.#options;
    await assertSteward(caller, this.party, trust.people);
    // first the head: what is entered meanwhile may be on the page, and nothing that the head tells of is missing
    const head = await audit.head();
    return { ...(await audit.page(page)), head, keys: audit.keys() };
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Stops what runs, and resolves when that is in the audit log. */
  async close(): Promise<void> {
    this.#stopFollowing();
    await Promise.all([this.#pool.close(), this.#dataSets.close(), this.#options.listener?.close()]);
    await this.#running.ended();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #ground(): OwnGround {
    const { party, book, declarations, clock } = this.#options;
    return { party, agreement: book.current(), declarations: declarations(), now: clock.wallTime() };
  }

  async #open(order: Order): Promise<OpenedOrder> {
    const { party, trust, clock } = this.#options;
    try {
      const now = clock.wallTime();
      return await openOrder(order, { party, gatewayKeys: trust.gatewayKeys(), people: trust.people, now });
    } catch (thrown) {
      const refusal = StarlingError.from(thrown);
      await this.#entries.unsigned(order.signed, refusal);
      throw refusal;
    }
  }

  /** From the look at what was seen to the taking nothing is awaited, so that of two equal orders one is taken. */
  async #take(order: Order, opened: OpenedOrder, options: ExecuteOptions): Promise<ChainOutcome> {
    const { seen, clock } = this.#options;
    const { claims } = opened;
    const reasons = refusalReasons(opened, this.#ground(), seen.has(claims.jti));
    if (reasons.length > 0) throw orderRefused(this.party, reasons);
    const taken = seen.take(claims.jti, claims.exp, clock.wallTime() / 1000);
    return this.#running.run(claims, options.signal, async (running) => {
      // written beside the run: nothing leaves before it is on disk, and a run that cannot be recorded is stopped
      const recorded = Promise.all([taken, this.#entries.received(opened)]).then(() => undefined);
      recorded.catch((error: unknown) => running.stop(StarlingError.from(error, 'storage-failed')));
      options.onProgress({ phase: 'verified' });
      let end = () => {};
      const answered = new Promise<void>((resolve) => (end = resolve));
      return this.#work.carryOut({ order, running, recorded, answered, options }).finally(end);
    });
  }

  /** An error as others may read it: what went wrong inside is for this party's log. */
  #presentable({ request }: OrderClaims, error: StarlingError): StarlingError {
    if (error.code !== 'internal') return error;
    this.#options.telemetry.logger.error(
      { err: error, party: this.party, request },
      'an order failed unexpectedly',
    );
    const message = `The run at ${this.party} failed by an error of Starling itself. The log of its agent says more; ask again.`;
    return new StarlingError('internal', message, { cause: error });
  }
}
