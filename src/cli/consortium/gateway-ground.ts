import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditLog, openAuditLog } from '../../kernel/audit/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { holdLeadership, type Lead, leadersPrefix } from '../../kernel/control/index.js';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import { replaceFile } from '../../kernel/durable-file/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  type GatewayRecord,
  type GatewayRegistry,
  gatewaysPrefix,
  openGatewayRegistry,
} from '../../kernel/gateways/index.js';
import { listEntries, type State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { gatewayFolderSteps, gatewayOwner } from '../../systems/exchange/index.js';
import { type EngineChoice, type Engines, openEngines } from '../engines/index.js';
import { keyFileIn } from '../serve/key-file.js';
import { assertFitsOthers } from './fits-others.js';
import { openSharedKey, type SharedKey } from './shared-key.js';

export interface GroundOptions {
  /** The gateway's own folder. */
  readonly folder: string;
  /** Where other gateways and agents reach this very one, and where people reach the consortium. */
  readonly urls: Pick<GatewayRecord, 'url' | 'publicUrl'>;
  /** Where what is not embedded is; everything is embedded if not given. */
  readonly engines?: EngineChoice;
  /** The fingerprint of the configuration that is to be applied beside others. */
  readonly configuration?: string;
  /** Why it has to be the only gateway, where that is not for its engines. */
  readonly alone?: string;
  readonly version: string;
  /** Where credentials for engines are; that of the process if not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
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
  /** Whether other gateways may stand on the same state. */
  readonly isShared: boolean;
  close(): Promise<void>;
}

/** How long others wait for a gateway that vanished before they take its place. */
const presenceMs = 10_000;

/** Opens the ground of a gateway. What was opened is closed again where a later part cannot be. */
export async function openGround(options: GroundOptions): Promise<GatewayGround> {
  const { folder, urls, version, clock, logger } = options;
  return openWhole(async (closers) => {
    await openDataFolder({ folder, kind: 'gateway', steps: gatewayFolderSteps });
    const { engines: choice = {}, environment = process.env } = options;
    const engines = await openEngines({ folder, choice, environment, clock, logger });
    closers.push(() => engines.close());
    const { state } = engines;
    const isShared = !engines.embedded.includes('state');
    if (isShared) await assertFormat(state);
    const id = await takeOver(folder, state, isShared);
    const file = keyFileIn(folder, { kind: 'gateway' });
    const key = await openSharedKey({ name: 'gateway', file, state, clock, logger });
    closers.push(() => key.close());
    const audit = await openAuditLog({ state, owner: gatewayOwner, key: key.key, clock });
    const { configuration: fingerprint } = options;
    const self = {
      id,
      ...urls,
      ...aloneFor(engines, options),
      ...(fingerprint === undefined ? {} : { configuration: { fingerprint, isApplied: false } }),
      version,
      startedAt: new Date(clock.wallTime()).toISOString(),
    };
    const gateways = await openGatewayRegistry({ state, self, ttlMs: presenceMs, clock, logger });
    closers.push(() => gateways.close());
    assertFitsOthers(
      self,
      gateways.all().filter(({ id }) => id !== self.id),
    );
    const lead: Lead = (name, work) =>
      holdLeadership({ state, name, holder: self.id, ttlMs: presenceMs, clock, logger, lead: work });
    return { engines, key, audit, gateways, lead, isShared, close: closers.close };
  });
}

/** What of a gateway others cannot reach keeps it from having others beside it. */
function aloneFor({ embedded }: Engines, { alone }: GroundOptions): { alone?: string } {
  if (alone !== undefined) return { alone };
  if (embedded.length === 0) return {};
  return { alone: `its ${embedded.join(' and ')} ${embedded.length === 1 ? 'is' : 'are'} embedded` };
}

/** The format of what is stored in a state that gateways share; an embedded one is of the folder's. */
const formatKey = 'consortium/format';

/** Throws `storage-version` where another version of Starling wrote the state. */
async function assertFormat(state: State): Promise<void> {
  const format = gatewayFolderSteps.length;
  const stored = await state.get(formatKey);
  if (stored === undefined) {
    try {
      await state.put(formatKey, format, { ifRevision: 0 });
    } catch (error) {
      if (!(error instanceof StarlingError && error.code === 'revision-conflict')) throw error;
      await assertFormat(state);
    }
    return;
  }
  if (stored.value === format) return;
  const message = `The state has format ${JSON.stringify(stored.value)}, and this version of Starling works with ${format}. Use the version that wrote it.`;
  throw new StarlingError('storage-version', message, { details: { format: stored.value, known: format } });
}

/**
 * Takes the place of the process that had the folder before, and gives an id to this one. That one is gone, as the folder is
 * this one's: what it left of itself in the state need not lapse first. Of an embedded state nobody else has anything.
 */
async function takeOver(folder: string, state: State, isShared: boolean): Promise<string> {
  const file = join(folder, 'gateway-id');
  const earlier = existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined;
  for await (const { key } of listEntries(state, gatewaysPrefix)) {
    if (!isShared || key === `${gatewaysPrefix}${earlier}`) await state.delete(key);
  }
  for await (const { key, value } of listEntries(state, leadersPrefix)) {
    if (!isShared || value === earlier) await state.delete(key);
  }
  const id = `gateway-${randomBytes(6).toString('hex')}`;
  await replaceFile(file, `${id}\n`);
  return id;
}
