import { join } from 'node:path';
import { systemClock } from '../../kernel/clock/index.js';
import {
  createHealth,
  createTelemetry,
  type LogLevel,
  type Telemetry,
} from '../../kernel/telemetry/index.js';
import type { Configuration } from '../../systems/exchange/index.js';
import { chosenPort } from './chosen-port.js';
import { type Consortium, openConsortium } from './open-consortium.js';
import { openSignedIn, type SignedIn } from './signed-in.js';
import { packageVersion } from './version.js';

export interface ServeOptions {
  readonly folder: string;
  readonly configuration: Configuration;
  readonly configurationFile: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly keepAnswersMs: number;
  readonly keepRecordsDays: number;
  /** How long what was released counts against later answers. */
  readonly keepReleasesDays: number;
  /** Whether people show tokens; else they are believed to be who they say. */
  readonly auth: boolean;
}

/** A consortium that serves its API. */
export interface ServedConsortium {
  readonly url: string;
  readonly consortium: Consortium;
  readonly telemetry: Telemetry;
  /** How people sign in; absent in open mode. */
  readonly signedIn?: SignedIn;
  close(): Promise<void>;
}

/** Opens a consortium and its gateway in this process; `close` ends the gateway first, so that nothing new comes in. */
export async function serveConsortium(options: ServeOptions): Promise<ServedConsortium> {
  const { folder, configuration, configurationFile, host, logLevel } = options;
  const { keepAnswersMs, keepRecordsDays, keepReleasesDays } = options;
  const version = packageVersion();
  const telemetry = await createTelemetry({ service: 'starling', version, logLevel });
  const closers: (() => Promise<void>)[] = [() => telemetry.shutdown()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const port = await chosenPort(host, options.port);
    const signedIn = options.auth
      ? await openSignedIn({
          folder: join(folder, 'gateway'),
          settings: configuration.access,
          url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
          clock: systemClock,
          logger: telemetry.logger,
        })
      : undefined;
    const consortium = await openConsortium({
      folder,
      configuration,
      configurationFile,
      telemetry,
      keepAnswersMs,
      keepRecordsDays,
      keepReleasesDays,
      ...(signedIn === undefined ? {} : { people: signedIn.verifier }),
    });
    closers.push(() => consortium.close());
    const health = createHealth({ clock: systemClock });
    health.ready('state', async () => {
      await consortium.state.status();
    });
    health.ready('catalogue', async () => {
      consortium.exchange.catalogue();
    });
    // loaded while the agents' own processes are at work: it takes as long as one of their imports
    const { createGateway } = await import('../../gateway/index.js');
    const gateway = await createGateway({
      exchange: consortium.exchange,
      audit: consortium.audit,
      telemetry,
      health,
      host,
      port,
      clock: systemClock,
      version,
      storage: folder,
      ...(configuration.compatibility === undefined ? {} : { compatibility: configuration.compatibility }),
      ...(signedIn === undefined ? {} : { access: signedIn }),
    });
    closers.push(() => gateway.close());
    const access = signedIn === undefined ? {} : { signedIn };
    return { url: gateway.url, consortium, telemetry, ...access, close };
  } catch (error) {
    await close();
    throw error;
  }
}
