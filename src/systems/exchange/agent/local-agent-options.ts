import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import type { SigningKey } from '../../../kernel/identity/index.js';
import type { Telemetry } from '../../../kernel/telemetry/index.js';
import type { Turns } from '../../../kernel/turns/index.js';
import type { Catalogue } from '../model/index.js';
import type { CapSupport, PoolSizes } from '../runs/index.js';
import type { PeerKeys, RowsListener } from '../transfer/index.js';
import type { AgreementBook } from './agreement/index.js';
import type { ReleaseLedger } from './releases/index.js';
import type { SeenOrders } from './seen-orders.js';
import type { AgentTrust } from './trust.js';

/** What a party's agent works with. */
export interface LocalAgentOptions {
  readonly party: string;
  /** The agent's own folder; nobody else reads it. */
  readonly folder: string;
  /** Relative paths of the configuration start here. */
  readonly sourceFolder: string;
  /** What the party declares: data sets, archetypes, steps and parties. Agreements in it do not count. */
  readonly declarations: () => Catalogue;
  readonly trust: AgentTrust;
  /** The party's key, which signs receipts; with the statements of the changes that led to it. */
  readonly key: SigningKey & { readonly changes: readonly string[] };
  /** The keys that other parties are known by here. */
  readonly peers: PeerKeys;
  /** Where the party takes rows of providers; absent where it takes none. */
  readonly listener?: RowsListener | undefined;
  /** The key that pseudonyms are made with. */
  readonly pseudonymKey: string;
  readonly audit: AuditLog;
  readonly book: AgreementBook;
  readonly seen: SeenOrders;
  readonly releases: ReleaseLedger;
  readonly sizes: PoolSizes;
  readonly support: CapSupport;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Shared by agents of one machine; one of its own if not given. */
  readonly turns?: Turns;
}
