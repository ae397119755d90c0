import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import {
  createHealth,
  createTelemetry,
  type LogLevel,
  type Telemetry,
} from '../../kernel/telemetry/index.js';
import type { Configuration } from '../../systems/exchange/index.js';
import { type EngineChoice, engineViews, type KnownEngines } from '../engines/index.js';
import { chosenPort } from './chosen-port.js';
import { openGround } from './gateway-ground.js';
import { openInstanceIssuer } from './instance-issuer.js';
import { openIssuerKey } from './issuer-key.js';
import { startLocalHosts } from './local-hosts.js';
import { type Consortium, openConsortium } from './open-consortium.js';
import { openServices } from './open-services.js';
import { openTaskSystem } from './open-task-system.js';
import { openSignedIn, type SignedIn } from './signed-in.js';
import { packageVersion } from './version.js';

export interface ServeOptions {
  readonly folder: string;
  readonly configuration: Configuration;
  readonly configurationFile: string;
  readonly host: string;
  readonly port: number;
  /** Where what is not embedded is; everything is embedded if not given. */
  readonly engines?: EngineChoice;
  readonly logLevel: LogLevel;
  readonly keepAnswersMs: number;
  readonly keepRecordsDays: number;
  /** How long what was released counts against later answers. */
  readonly keepReleasesDays: number;
  /** Whether people show tokens; else they are believed to be who they say. */
  readonly auth: boolean;
  /** How many hosts are started as processes of their own for services to run on; none, where they run in this machine's own. */
  readonly hosts?: number;
}

/** A consortium that serves its API. */
export interface ServedConsortium {
  readonly url: string;
  readonly consortium: Consortium;
  readonly telemetry: Telemetry;
  /** What is not embedded in its folder. */
  readonly engines: KnownEngines;
  /** How people sign in; absent in open mode. */
  readonly signedIn?: SignedIn;
  close(): Promise<void>;
}

/** Opens a consortium and its gateway in this process; `close` drains the
 * instances of services first, which the gateway answers until then, and then ends the gateway, so that nothing new comes in. */
export async function serveConsortium(options: ServeOptions): Promise<ServedConsortium> {
  const { folder, configuration, configurationFile, host, logLevel } = options;
  const { keepAnswersMs, keepRecordsDays, keepReleasesDays } = options;
  const version = packageVersion();
  const telemetry = await createTelemetry({ service: 'starling', version, logLevel });
  return openWhole(async (closers) => {
    closers.push(() => telemetry.shutdown());
    const port = await chosenPort(host, options.port);
    const url = `http://${host === '::1' ? '[::1]' : host}:${port}`;
    const own = join(folder, 'gateway');
    const clock = systemClock;
    const { logger } = telemetry;
    const urls = { url, publicUrl: url };
    const ground = await openGround({
      ...{ folder: own, urls, version, clock, logger },
      alone: 'it runs the agents of all parties itself',
      ...(options.engines === undefined ? {} : { engines: options.engines }),
    });
    closers.push(() => ground.close());
    const { engines, key } = ground;
    const { state } = engines;
    const issuer = options.auth ? openInstanceIssuer(key, url, clock) : undefined;
    const settings = configuration.access;
    const issuerKey = options.auth
      ? await openIssuerKey({ folder: own, settings, state, clock, logger })
      : undefined;
    closers.push(async () => issuerKey?.close());
    const signedIn = options.auth
      ? await openSignedIn({
          ...{ folder: own, settings, url, clock, logger, issuerKey },
          ...(issuer === undefined ? {} : { instances: issuer.trusted }),
        })
      : undefined;
    const consortium = await openConsortium({
      folder,
      configuration,
      configurationFile,
      telemetry,
      ground,
      keepAnswersMs,
      keepRecordsDays,
      keepReleasesDays,
      ...(signedIn === undefined ? {} : { people: signedIn.people }),
    });
    closers.push(() => consortium.close());
    const health = createHealth({ clock });
    health.ready('state', async () => {
      // one read: load balancers ask several times a second, and `status` asks every server of an engine
      await state.get('readiness');
    });
    health.ready('catalogue', async () => {
      consortium.exchange.catalogue();
    });
    const taskSystem = await openTaskSystem({ ground, clock, logger });
    closers.push(() => taskSystem.close());
    const declared = configuration.services ?? [];
    const { lead, isShared } = ground;
    // where others share the state, what runs beside this process is on a host as well
    const count = options.hosts ?? (isShared ? 1 : 0);
    const opened = await openServices({
      ...{ folder: own, state, clock, logger, url, declared, issuer, lead, isShared },
      on: count > 0 ? 'hosts' : 'here',
    });
    const { runtime } = opened;
    closers.push(() => runtime.close());
    // loaded while the agents' own processes are at work: it takes as long as one of their imports
    const { createGateway } = await import('../../gateway/index.js');
    const gateway = await createGateway({
      exchange: consortium.exchange,
      ...opened,
      tasks: taskSystem.tasks,
      queues: taskSystem.queues,
      photos: taskSystem.photos,
      audit: consortium.audit,
      telemetry,
      health,
      ...{ host, port, clock, version },
      storage: folder,
      engines: () => engineViews(engines),
      gateways: ground.gateways,
      ...(configuration.compatibility === undefined ? {} : { compatibility: configuration.compatibility }),
      ...(signedIn === undefined ? {} : { access: signedIn }),
    });
    closers.push(() => gateway.close());
    await runtime.start();
    // again, so that it comes before the gateway's: instances talk to the gateway while they end
    closers.push(() => runtime.close());
    if (count > 0) {
      const prefix = isShared ? `${hostname().toLowerCase()}-${port}` : 'local';
      const hosts = await startLocalHosts({ folder, prefix, count, url, logLevel, issuer, clock, logger });
      closers.push(() => hosts.close());
    }
    const access = signedIn === undefined ? {} : { signedIn };
    return {
      url: gateway.url,
      consortium,
      telemetry,
      engines: engines.known,
      ...access,
      close: closers.close,
    };
  });
}
