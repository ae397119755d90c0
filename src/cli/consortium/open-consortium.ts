import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AuditLog } from '../../kernel/audit/index.js';
import { type Clock, systemClock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { TokenVerifier } from '../../kernel/identity/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Telemetry } from '../../kernel/telemetry/index.js';
import {
  type AgentDirectory,
  type CatalogueStore,
  type Configuration,
  defaultPoolSizes,
  type Exchange,
  LocalDirectory,
  openCatalogue,
  openExchange,
  type PoolSizes,
  probeCaps,
} from '../../systems/exchange/index.js';
import { type GatewayGround, openGround } from './gateway-ground.js';
import { openLoopbackLink } from './loopback-link.js';
import { packageVersion } from './version.js';

export interface ConsortiumOptions {
  /** Everything that is stored is in here. */
  readonly folder: string;
  readonly configuration: Configuration;
  /** The file that the configuration came from: named in messages, and where its relative paths start. */
  readonly configurationFile: string;
  readonly telemetry: Telemetry;
  readonly clock?: Clock;
  readonly sizes?: PoolSizes;
  readonly keepAnswersMs?: number;
  readonly keepRecordsDays?: number;
  /** How long what was released counts against later answers. Default: 365. */
  readonly keepReleasesDays?: number;
  /** What the gateway stands on, for its giver to close; opened in the folder, and closed, by this if not given. */
  readonly ground?: GatewayGround;
  /** Who vouches for people, at the agents; if not given, the gateway's word is taken. */
  readonly people?: TokenVerifier;
}

/** A running consortium; its owner calls `close`. */
export interface Consortium {
  readonly exchange: Exchange;
  readonly state: State;
  readonly catalogue: CatalogueStore;
  readonly directory: AgentDirectory;
  /** The gateway's own log. */
  readonly audit: AuditLog;
  /** Objects of the configuration file that were not taken, because the API changed them since. */
  readonly kept: readonly { readonly kind: string; readonly name: string; readonly why: string }[];
  close(): Promise<void>;
}

/**
 * Every role in this process, on embedded storage: state, catalogue, an agent per party, and the exchange over them.
 * Each part's owner is this; `close` ends them in the reverse order.
 */
export async function openConsortium(options: ConsortiumOptions): Promise<Consortium> {
  const { configuration, configurationFile, telemetry, clock = systemClock } = options;
  const folder = resolve(options.folder);
  return openWhole(async (closers) => {
    await makeFolder(folder);
    const own = join(folder, 'gateway');
    const { logger } = telemetry;
    const [ground, support] = await Promise.all([options.ground ?? openOwnGround(own, options), probeCaps()]);
    if (options.ground === undefined) closers.push(() => ground.close());
    const { engines, audit, key: shared } = ground;
    const { state } = engines;
    const { key } = shared;
    const link = await openLoopbackLink({ state, key, audit, clock, logger });
    closers.push(() => link.close());
    const catalogue = await openCatalogue(state, { clock, logger: telemetry.logger });
    closers.push(() => catalogue.close());
    // agreements go to their agents, and come from them
    const withoutAgreements = { ...configuration, agreements: {} };
    const { kept } = await catalogue.applyConfiguration(withoutAgreements, configurationFile);
    const agents = new LocalDirectory({
      folder: join(folder, 'agents'),
      sourceFolder: dirname(resolve(configurationFile)),
      declarations: () => catalogue.current(),
      agreements: configuration.agreements,
      earlierAgreement: (party) => catalogue.earlierAgreement(party),
      trust: { gatewayKeys: () => link.gatewayKeys(), people: options.people ?? 'open' },
      onOpened: (opened) => link.connect(opened),
      onRemoved: (party) => link.remove(party),
      sizes: options.sizes ?? defaultPoolSizes,
      releaseRetentionDays: options.keepReleasesDays,
      support,
      clock,
      telemetry,
    });
    closers.push(() => agents.close());
    await agents.refresh();
    const stopListening = catalogue.onChange(() => {
      agents.refresh().catch((error: unknown) => {
        telemetry.logger.error({ err: error }, 'agents could not follow a change of the configuration');
      });
    });
    closers.push(async () => stopListening());
    const { keepAnswersMs, keepRecordsDays } = options;
    const { directory, enrolments } = link.server;
    const exchange = await openExchange({
      state,
      catalogue,
      directory,
      signer: { key, audit, keysOf: (party) => enrolments.everyKeyOf(party) },
      folder: own,
      clock,
      telemetry,
      ...(keepAnswersMs === undefined ? {} : { keepAnswersMs }),
      ...(keepRecordsDays === undefined ? {} : { keepRecordsDays }),
    });
    closers.push(() => exchange.close());
    const keptByAgents = agents.kept.map(({ party, why }) => ({ kind: 'agreements', name: party, why }));
    return {
      exchange,
      state,
      catalogue,
      directory,
      audit,
      kept: [...kept, ...keptByAgents],
      close: closers.close,
    };
  });
}

/** For who opens a consortium without a gateway that others reach. */
function openOwnGround(
  folder: string,
  { telemetry, clock = systemClock }: ConsortiumOptions,
): Promise<GatewayGround> {
  const urls = { url: 'http://127.0.0.1', publicUrl: 'http://127.0.0.1' };
  return openGround({ folder, urls, version: packageVersion(), clock, logger: telemetry.logger });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
  } catch (error) {
    throw StarlingError.from(
      error,
      'storage-failed',
      `The data folder ${folder} cannot be made. Name another with --data`,
    );
  }
}
