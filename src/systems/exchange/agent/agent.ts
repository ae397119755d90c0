import type { Readable } from 'node:stream';
import type { AuditPage } from '../../../kernel/audit/index.js';
import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { Caller, PublicKey } from '../../../kernel/identity/index.js';
import type { ImportReport } from '../data/index.js';
import type { Agreement } from '../model/index.js';
import type { Order } from '../order/index.js';
import type { Phase, PoolStatus, RunReport } from '../runs/index.js';
import type { RowsSource } from '../transfer/rows-source.js';

/** What is told while a chain runs. */
export type ChainProgress =
  | { readonly phase: 'verified' | 'waiting for a run' | 'ready for rows' }
  | { readonly phase: Phase['name'] };

export interface ExecuteOptions {
  /** Stops the run. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ChainProgress) => void;
  /** Takes released rows, an Arrow IPC stream. */
  readonly onRows: (rows: Readable) => Promise<void>;
  /**
   * For a chain that receives rows: the providers that sent all of theirs, with their receipts; known once every provider has
   * ended. It never rejects: what fails is told by `signal`.
   */
  readonly sources?: Promise<readonly RowsSource[]>;
}

/** What came of a chain. */
export interface ChainOutcome {
  readonly report: RunReport;
  /** What the agent signed for it: a compact JWS over `ReceiptClaims`. */
  readonly receipt: string;
  /** Milliseconds from the order to imported data and a free run, and from there to the answer. */
  readonly waitedMs: number;
  readonly ranMs: number;
}

/** One of a party's data sets, as its agent has it. */
export interface OfferedDataSet {
  readonly name: string;
  readonly state: 'importing' | 'ready' | 'failed';
  /** The latest complete import, also while a newer one is made or has failed. */
  readonly imported?: ImportReport;
  readonly error?: ErrorRecord;
}

/** What an agent tells of itself. */
export interface AgentStatus {
  readonly party: string;
  readonly online: boolean;
  readonly dataSets: readonly OfferedDataSet[];
  readonly runs: PoolStatus;
  /** What is weaker on the agent's machine than it should be, in sentences. */
  readonly weaknesses: readonly string[];
  /** Where it takes rows from providers' agents, an https URL; absent where it takes none. */
  readonly rowsAddress?: string;
  /** The agreement that is in force at the agent; absent until it was heard, and where the party never had one. */
  readonly agreement?: SignedAgreement;
  /** How the gateway's line to it is; absent where there is no line between. */
  readonly connection?: LineStatus;
}

/** A line to an agent, as the gateway's process has seen it. */
export interface LineStatus {
  /** Since when it is online or offline, in milliseconds since 1970; the process knows of no time before its own start. */
  readonly since: number;
  /** By how much the agent's clock was ahead of the gateway's when it last connected, in milliseconds. */
  readonly clockDifferenceMs?: number;
}

/** A provider's agreement as its agent signed it. */
export interface SignedAgreement {
  readonly party: string;
  /** From 1 on, one more with each change. */
  readonly version: number;
  /** `null` where it was removed: the party allows nothing. */
  readonly agreement: Agreement | null;
  /** ISO 8601, UTC. */
  readonly signedAt: string;
  /** The person who changed it; absent where it came from the agent's own file. */
  readonly changedBy?: string;
  /** A compact JWS (`starling-agreement+jwt`) over the members above. */
  readonly signed: string;
}

/** A change of an agreement that somebody asks of the agent. */
export interface AgreementChange {
  /** `null` removes it. */
  readonly agreement: Agreement | null;
  /** Only where this is still its version; 0: only where there was never one. */
  readonly ifVersion?: number;
  /** Who changes it, with the token that the agent verifies itself. */
  readonly caller: Caller;
}

/** A page of a party's audit log. */
export interface AgentAudit extends AuditPage {
  /** The signed head of the log, and the keys that it is signed with. */
  readonly head: string;
  readonly keys: readonly PublicKey[];
}

/** What somebody wants to read of a party's audit log. */
export interface AuditQuery {
  readonly limit: number;
  readonly after?: number;
  readonly caller: Caller;
}

/**
 * The port to a party's agent. It alone touches that party's data. `local-agent.ts` is the agent
 * itself; `link/` reaches it over a stream, since everything that passes is plain data and streams.
 */
export interface Agent {
  readonly party: string;
  status(): AgentStatus;
  /**
   * Verifies the order and runs the chain. Throws `order-refused` with every reason, and whatever the run failed with.
   */
  execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome>;
  /**
   * Changes the party's agreement; resolves when the agent has stored and signed it. Throws `role-missing` where the caller
   * is no steward of the party, `revision-conflict`, `configuration-invalid`, and `provider-unavailable`.
   */
  changeAgreement(change: AgreementChange): Promise<SignedAgreement>;
  /** One page of the party's audit log with its signed head, for its stewards. Throws `role-missing`, `provider-unavailable`. */
  audit(query: AuditQuery): Promise<AgentAudit>;
  /** Calls back whenever `status()` has changed in what others may see of it; returns how to stop. */
  onChange(callback: () => void): () => void;
  close(): Promise<void>;
}

/** The agents that the gateway has a line to, by party. */
export interface AgentDirectory {
  get(party: string): Agent | undefined;
  all(): readonly Agent[];
  /** Calls back when an agent came or went, and when the status of one has changed; returns how to stop. */
  onChange(callback: () => void): () => void;
}
