import { resolve } from 'node:path';
import { StarlingError } from '../../kernel/errors/index.js';
import type { LogLevel } from '../../kernel/telemetry/index.js';
import { readConfigurationFile } from '../../systems/exchange/index.js';
import type { EngineOptions } from '../commands/engine-options.js';
import { type RetentionChoice, retention } from '../commands/retention-options.js';
import type { ServicesPlace } from '../consortium/open-services.js';
import { untilStopped } from '../consortium/until-stopped.js';
import { paintFor } from '../output/paint.js';
import { startPage } from '../output/start-page.js';
import { storageLines } from '../output/storage-lines.js';
import type { CertificateFiles } from '../serve/certificate-files.js';
import { notifyReady } from '../serve/notify-ready.js';
import { serveGateway } from '../serve/serve-gateway.js';

/** What `starling serve gateway` was given. */
export interface GatewayCommandOptions extends RetentionChoice, EngineOptions {
  readonly config: string;
  readonly data: string;
  readonly applyConfiguration?: boolean;
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  readonly ownUrl?: string;
  readonly allowHost?: readonly string[];
  readonly services?: ServicesPlace;
  readonly drainSeconds: number;
  readonly graceSeconds: number;
  readonly logLevel: LogLevel;
}

/** `starling serve gateway`: runs until the process is told to stop; SIGHUP has it read its certificate again. */
export async function runGateway(
  options: GatewayCommandOptions,
  authorities: string | undefined,
): Promise<void> {
  const { config, data, host, port, publicUrl, ownUrl, logLevel, state, queue, blobs } = options;
  const tls = certificateFiles(options);
  const stopped = untilStopped();
  const served = await serveGateway({
    folder: resolve(data),
    configuration: await readConfigurationFile(config),
    configurationFile: config,
    applyConfiguration: options.applyConfiguration === true,
    host,
    port,
    publicUrl,
    ...(ownUrl === undefined ? {} : { ownUrl }),
    engines: { state, queue, blobs },
    drain: { noticeMs: options.drainSeconds * 1_000, graceMs: options.graceSeconds * 1_000 },
    tls,
    allowedHosts: options.allowHost ?? [],
    services: options.services,
    authorities,
    logLevel,
    ...retention(options),
  });
  const reload = () => void served.reloadCertificate();
  process.on('SIGHUP', reload);
  try {
    const own = served.signedIn.issuer !== undefined;
    const lines = [
      ['API', `${served.url}/api/v1`],
      ['Docs', `${served.url}/docs`],
      ...storageLines(resolve(data), served.engines),
      ['Configuration', config],
      ['Certificate', tls?.certificate ?? 'none: on this machine only'],
      [
        'Access',
        own
          ? `by token; starling token --data ${data} makes them`
          : 'by token, of the issuers in the configuration',
      ],
      ['Key', served.key],
    ] as const;
    const paint = paintFor(process.stdout.isTTY, process.env);
    process.stdout.write(startPage('The gateway is up', lines, served.kept, paint));
    await notifyReady(process.env);
    await stopped;
  } finally {
    process.off('SIGHUP', reload);
    await served.close();
  }
}

function certificateFiles({ tlsCert, tlsKey }: GatewayCommandOptions): CertificateFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: tlsCert, key: tlsKey };
  const message =
    'A certificate needs its key and a key its certificate. Give both --tls-cert and --tls-key.';
  throw new StarlingError('input-invalid', message);
}
