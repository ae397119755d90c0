import type { Readable } from 'node:stream';
import type { ErrorRecord } from '../../../kernel/errors/index.js';
import type { Chain } from '../compose/index.js';
import type { ImportReport } from '../data/index.js';
import type { NormalRequest } from '../model/index.js';
import type { Phase, PoolStatus, RunReport } from '../runs/index.js';
import type { Partials } from '../steps/index.js';

/**
 * What the gateway asks of one party's agent: to run one chain. The agent believes none of it: it holds every order
 * against its own agreement before it runs.
 */
export interface Order {
  /** Unique; an id that was seen before is refused. */
  readonly id: string;
  readonly request: string;
  /** The party that is meant. */
  readonly party: string;
  /** The question with the exact statement or algorithm, and who asks. */
  readonly question: NormalRequest;
  readonly archetype: string;
  readonly computeProvider?: string;
  readonly chain: Chain;
  /** What the data providers released, for a compute provider. */
  readonly inputs: readonly Partials[];
  /** Milliseconds since 1970; refused after it. */
  readonly expiresAt: number;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
}

/** What is told while a chain runs. */
export type ChainProgress =
  | { readonly phase: 'verified' | 'waiting for a run' }
  | { readonly phase: Phase['name'] };

export interface ExecuteOptions {
  /** Stops the run. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ChainProgress) => void;
  /** Takes released rows, an Arrow IPC stream. */
  readonly onRows: (rows: Readable) => Promise<void>;
}

/** What came of a chain. */
export interface ChainOutcome {
  readonly report: RunReport;
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
}

/**
 * The port to a party's agent. It alone touches that party's data. The first adapter runs the agent in this process
 * (`local-agent.ts`); one over an HTTP stream fits beside it, since everything that passes is plain data and streams.
 */
export interface Agent {
  readonly party: string;
  status(): AgentStatus;
  /**
   * Verifies the order and runs the chain. Throws `order-refused` with every reason, and whatever the run failed with.
   */
  execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome>;
  /** Calls back whenever `status()` has changed in what others may see of it; returns how to stop. */
  onChange(callback: () => void): () => void;
  close(): Promise<void>;
}

/** The agents that the gateway has a line to, by party. */
export interface AgentDirectory {
  get(party: string): Agent | undefined;
  all(): readonly Agent[];
}
