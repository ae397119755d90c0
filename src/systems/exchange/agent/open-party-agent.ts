import { join } from 'node:path';
import { type AuditLog, openAuditLog } from '../../../kernel/audit/index.js';
import { openDataFolder } from '../../../kernel/data-folder/index.js';
import { openRotatingKey, type RotatingKey } from '../../../kernel/identity/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { openRowsListener, PeerKeys } from '../transfer/index.js';
import { AgreementBook } from './agreement/index.js';
import { LocalAgent } from './local-agent.js';
import type { LocalAgentOptions } from './local-agent-options.js';
import { pseudonymKey } from './pseudonym-key.js';
import { openReleaseLedger } from './releases/index.js';
import { SeenOrders } from './seen-orders.js';

/** Where an agent listens for rows, and how much it takes at a time. */
export interface ListenForRows {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where others reach it, an https URL, where that is not `host` and `port`. */
  readonly address?: string;
  /** Bytes of all rows that are received at a time. Default: 20 GB. */
  readonly quotaBytes?: number;
}

/** Room for some hundred million rows. */
const defaultQuotaBytes = 20_000_000_000;

/** What a party's agent needs besides what is in its folder. */
export type PartyAgentOptions = Omit<
  LocalAgentOptions,
  'key' | 'pseudonymKey' | 'audit' | 'book' | 'seen' | 'releases' | 'peers' | 'listener'
> & {
  /** Where the agent listens for rows of providers; it takes none if not given. */
  readonly rows?: ListenForRows | undefined;
  /** How long what was released counts against later answers. Default: 365. */
  readonly releaseRetentionDays?: number | undefined;
};

/** A party's agent with all that is its own. */
export interface PartyAgent {
  readonly agent: LocalAgent;
  /** The party's key: in `keys/party.key` of its folder. */
  readonly key: RotatingKey;
  readonly audit: AuditLog;
  readonly book: AgreementBook;
  readonly state: State;
  /** Stops what runs, and releases the folder. */
  close(): Promise<void>;
}

/**
 * Opens everything that is in an agent's folder: `keys/party.key`, `pseudonym.key`, `received/` for rows of providers, `state/` with the agreement, the audit log,
 * the orders that were seen and what was released, and `data/` with what was imported. Nothing runs before `agent.start()`.
 */
export async function openPartyAgent(options: PartyAgentOptions): Promise<PartyAgent> {
  const { party, folder, declarations, clock, telemetry, releaseRetentionDays: retentionDays } = options;
  const { logger } = telemetry;
  await openDataFolder({ folder, kind: 'agent', party });
  const state = await openLocalState({ folder: join(folder, 'state'), clock, logger });
  try {
    const [key, secret, seen] = await Promise.all([
      openRotatingKey(join(folder, 'keys', 'party.key')),
      pseudonymKey(folder),
      SeenOrders.open(state),
    ]);
    const releases = await openReleaseLedger({ state, clock, key: secret, retentionDays });
    const audit = await openAuditLog({ state, owner: party, key, clock });
    const book = await AgreementBook.open({ party, state, key, audit, declarations, clock });
    const configured = (peer: string) => declarations().parties.get(peer)?.value.key;
    const peers = new PeerKeys({ state, audit, clock, configured });
    const { rows } = options;
    const listener =
      rows &&
      (await openRowsListener({
        party,
        folder: join(folder, 'received'),
        quotaBytes: defaultQuotaBytes,
        ...rows,
        key,
        peers,
        clock,
        logger,
      }));
    const own = { key, pseudonymKey: secret, audit, book, seen, releases, peers, listener };
    const agent = new LocalAgent({ ...options, ...own });
    const close = async () => {
      await agent.close();
      await state.close();
    };
    return { agent, key, audit, book, state, close };
  } catch (error) {
    await state.close();
    throw error;
  }
}
