import { randomBytes } from 'node:crypto';
import { type AuditLog, openAuditLog } from '../../kernel/audit/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { holdLeadership, type Lead, leadersPrefix } from '../../kernel/control/index.js';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import {
  type GatewayRecord,
  type GatewayRegistry,
  gatewaysPrefix,
  openGatewayRegistry,
} from '../../kernel/gateways/index.js';
import { listEntries, type State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { gatewayFolderSteps, gatewayOwner } from '../../systems/exchange/index.js';
import { type Engines, openEngines } from '../engines/index.js';
import { keyFileIn } from '../serve/key-file.js';
import { openSharedKey, type SharedKey } from './shared-key.js';

export interface GroundOptions {
  /** The gateway's own folder. */
  readonly folder: string;
  /** Where other gateways and agents reach this very one, and where people reach the consortium. */
  readonly urls: Pick<GatewayRecord, 'url' | 'publicUrl'>;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a gateway stands on: what it stores things in, who it is, and which others there are. Its owner closes it last. */
export interface GatewayGround {
  readonly engines: Engines;
  readonly key: SharedKey;
  readonly audit: AuditLog;
  readonly gateways: GatewayRegistry;
  /** Has something done by one gateway alone; whoever asked for it closes it. */
  readonly lead: Lead;
  close(): Promise<void>;
}

/** How long others wait for a gateway that vanished before they take its place. */
const presenceMs = 10_000;

/** Opens the ground of a gateway. What was opened is closed again where a later part cannot be. */
export async function openGround(options: GroundOptions): Promise<GatewayGround> {
  const { folder, urls, version, clock, logger } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await openDataFolder({ folder, kind: 'gateway', steps: gatewayFolderSteps });
    const engines = await openEngines({ folder, clock, logger });
    closers.push(() => engines.close());
    const { state } = engines;
    await forgetEarlierProcess(state);
    const file = keyFileIn(folder, { kind: 'gateway' });
    const key = await openSharedKey({ name: 'gateway', file, state, clock, logger });
    closers.push(() => key.close());
    const audit = await openAuditLog({ state, owner: gatewayOwner, key: key.key, clock });
    const self = {
      id: `gateway-${randomBytes(6).toString('hex')}`,
      ...urls,
      version,
      startedAt: new Date(clock.wallTime()).toISOString(),
    };
    const gateways = await openGatewayRegistry({ state, self, ttlMs: presenceMs, clock, logger });
    closers.push(() => gateways.close());
    const lead: Lead = (name, work) =>
      holdLeadership({ state, name, holder: self.id, ttlMs: presenceMs, clock, logger, lead: work });
    return { engines, key, audit, gateways, lead, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whoever has an embedded state is alone with it: what a process that was killed left of itself need not lapse first. */
async function forgetEarlierProcess(state: State): Promise<void> {
  for (const prefix of [gatewaysPrefix, leadersPrefix]) {
    for await (const { key } of listEntries(state, prefix)) await state.delete(key);
  }
}
