import type {
  Agent,
  AgentAudit,
  AgentStatus,
  AgreementChange,
  AuditQuery,
  ChainOutcome,
  ExecuteOptions,
  SignedAgreement,
} from '../agent/agent.js';
import type { Order } from '../order/index.js';

/** An outcome that a test can tell from others. */
export function madeOutcome(rows?: number): ChainOutcome {
  const withheld = { groups: 0, total: false, minimumGroupSize: 10 };
  const result =
    rows === undefined
      ? ({ kind: 'answer', table: { columns: ['count'], rows: [{ count: 24 }], withheld } } as const)
      : ({ kind: 'rows', columns: ['a'], rows } as const);
  return { report: { result, read: [], phases: [] }, receipt: 'signed', waitedMs: 1, ranMs: 2 };
}

/** An agent for tests of the line to it: it does what `onExecute` says, and keeps the orders that it was given. */
export class MadeAgent implements Agent {
  readonly party: string;
  readonly executed: string[] = [];
  onExecute: (order: Order, options: ExecuteOptions) => Promise<ChainOutcome> = async () => madeOutcome();
  weaknesses: readonly string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(party = 'VU') {
    this.party = party;
  }

  status(): AgentStatus {
    const runs = { warm: 1, working: 0, waiting: 0, max: 4, queue: 32, finished: 0, refused: 0 };
    const { party, weaknesses } = this;
    return { party, online: true, dataSets: [], runs: { ...runs, residentBytes: 1 }, weaknesses };
  }

  execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome> {
    this.executed.push(order.signed);
    return this.onExecute(order, options);
  }

  async changeAgreement({ agreement, caller }: AgreementChange): Promise<SignedAgreement> {
    const { party } = this;
    const changedBy = caller.person.id;
    return { party, version: 1, agreement, signedAt: '2024-01-01T00:00:00Z', changedBy, signed: 'signed' };
  }

  async audit({ after = 0 }: AuditQuery): Promise<AgentAudit> {
    const item = { sequence: after + 1, at: '', type: 'order-refused', data: null, previous: '', hash: '' };
    return { items: [item], head: 'signed', keys: [] };
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Tells that its status has changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {}
}
