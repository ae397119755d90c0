import { openControlSocket } from '../../gateway/control/index.js';
import type { DrainOptions } from '../../gateway/index.js';
import { publicOrigin } from '../../gateway/listener/host-guard.js';
import { systemClock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { createHealth, createTelemetry, type LogLevel } from '../../kernel/telemetry/index.js';
import { type Configuration, openCatalogue, openExchange } from '../../systems/exchange/index.js';
import { openLinkServer } from '../../systems/exchange/link/index.js';
import { chosenPort } from '../consortium/chosen-port.js';
import { openGround } from '../consortium/gateway-ground.js';
import { openInstanceIssuer } from '../consortium/instance-issuer.js';
import { openIssuerKey, ownIssuerKey } from '../consortium/issuer-key.js';
import { openServices, type ServicesPlace } from '../consortium/open-services.js';
import { openTaskSystem } from '../consortium/open-task-system.js';
import { openSignedIn, type SignedIn } from '../consortium/signed-in.js';
import { packageVersion } from '../consortium/version.js';
import { issuerOperations, keyOperations, rotated, statusOperations } from '../desk/operations.js';
import { type EngineChoice, engineViews, type KnownEngines } from '../engines/index.js';
import { agentsArrived } from './agents-arrived.js';
import { applyConfiguration } from './apply-configuration.js';
import { type CertificateFiles, followCertificate, readCertificate } from './certificate-files.js';
import { configurationFingerprint } from './configuration-settings.js';
import { ownUrl } from './own-url.js';
import { tellAgents } from './tell-agents.js';

export interface ServeGatewayOptions {
  readonly folder: string;
  readonly configuration: Configuration;
  readonly configurationFile: string;
  /** Whether what the file changes is to be in force at gateways that run already, too; else it is refused beside them. */
  readonly applyConfiguration?: boolean;
  readonly host: string;
  readonly port: number;
  /** Where people and agents reach it, where that is not the address that it listens on. */
  readonly publicUrl: string | undefined;
  /** Where agents and other gateways reach this very one, where that is not the address that it listens on. */
  readonly ownUrl?: string;
  /** Where what is not embedded is; everything is embedded if not given. */
  readonly engines?: EngineChoice;
  /** How it takes its leave of load balancers and of what was asked; at once if not given. */
  readonly drain?: DrainOptions;
  readonly tls: CertificateFiles | undefined;
  readonly allowedHosts: readonly string[];
  /** Where services run. Default: on hosts where other gateways share the state, and else here. */
  readonly services?: ServicesPlace | undefined;
  /** The file with certificates of authorities that instances are to believe, PEM. */
  readonly authorities?: string | undefined;
  /** How long hosts and workers may be silent, in milliseconds, where that is not as usual. */
  readonly leases?: { readonly hostMs: number; readonly taskMs: number };
  readonly logLevel: LogLevel;
  readonly keepAnswersMs: number;
  readonly keepRecordsDays: number;
}

/** A gateway that serves alone; its owner calls `close`. */
export interface ServedGateway {
  readonly url: string;
  readonly signedIn: SignedIn;
  /** Thumbprint of the key that agents pin. */
  readonly key: string;
  /** What is not embedded in its folder. */
  readonly engines: KnownEngines;
  /** What the configuration file has and the API changed since. */
  readonly kept: readonly { readonly kind: string; readonly name: string; readonly why: string }[];
  /** Reads the certificate again, as it does when the files change; the old one stays where the new one cannot be used, which is logged. */
  reloadCertificate(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a gateway in a folder of its own: agents of other machines connect to it. Agreements of the configuration are not taken:
 * those come from the agents. What was opened is closed in reverse.
 */
export async function serveGateway(options: ServeGatewayOptions): Promise<ServedGateway> {
  const { folder, configuration, host, publicUrl, tls, keepAnswersMs, keepRecordsDays, leases } = options;
  const clock = systemClock;
  const version = packageVersion();
  const telemetry = await createTelemetry({
    service: 'starling-gateway',
    version,
    logLevel: options.logLevel,
  });
  const { logger } = telemetry;
  return openWhole(async (closers) => {
    closers.push(() => telemetry.shutdown());
    const port = await chosenPort(host, options.port);
    const own = publicOrigin(options.ownUrl ?? ownUrl({ tls: tls !== undefined, host, port }));
    const url = publicUrl === undefined ? own.origin : publicOrigin(publicUrl).origin;
    const urls = { url: own.origin, publicUrl: url };
    const ground = await openGround({
      ...{ folder, urls, version, clock, logger },
      configuration: configurationFingerprint(configuration),
      ...(options.engines === undefined ? {} : { engines: options.engines }),
    });
    closers.push(() => ground.close());
    const { engines, audit, key: gatewayKey } = ground;
    const { state } = engines;
    const { key } = gatewayKey;
    const gateways = ground.isShared ? ground.gateways : undefined;
    const catalogue = await openCatalogue(state, { clock, logger });
    closers.push(() => catalogue.close());
    const { configurationFile: file, applyConfiguration: forAll = false } = options;
    const { kept } = await applyConfiguration({ ground, catalogue, configuration, file, forAll });
    const linkKey = () => ({ key, changes: key.changes });
    const link = await openLinkServer({ state, key: linkKey, clock, logger, audit, gateways });
    closers.push(() => link.close());
    key.onRotated(() => link.renew());
    const signer = { key, audit, keysOf: (party: string) => link.enrolments.everyKeyOf(party) };
    const { directory } = link;
    const exchange = await openExchange({
      ...{ state, catalogue, directory, folder, clock, telemetry, keepAnswersMs, keepRecordsDays },
      ...{ signer, gateways },
      blobs: engines.embedded.includes('blobs') ? undefined : engines.blobs,
    });
    closers.push(() => exchange.close());
    const stopTelling = tellAgents(directory, ground.gateways);
    closers.push(async () => stopTelling());
    const health = createHealth({ clock });
    health.ready('state', async () => {
      // one read: load balancers ask several times a second, and `status` asks every server of an engine
      await state.get('readiness');
    });
    health.ready('agents', agentsArrived(directory, ground.gateways, clock));
    const issuer = openInstanceIssuer(gatewayKey, url, clock);
    const settings = configuration.access;
    const issuerKey = await openIssuerKey({ folder, settings, state, clock, logger });
    closers.push(async () => issuerKey?.close());
    const signedIn = await openSignedIn({
      ...{ folder, settings, url, clock, logger, issuerKey },
      instances: issuer.trusted,
    });
    const taskSystem = await openTaskSystem({ ground, clock, logger, leaseMs: leases?.taskMs });
    closers.push(() => taskSystem.close());
    const { tasks, queues } = taskSystem;
    const declared = configuration.services ?? [];
    const { lead, isShared } = ground;
    const services = { folder, state, clock, logger, url, declared, issuer, lead, isShared };
    const { services: on, authorities } = options;
    const opened = await openServices({
      ...{ ...services, on, authorities },
      hostLeaseMs: leases?.hostMs,
    });
    const { runtime } = opened;
    closers.push(() => runtime.close());
    const { createGateway } = await import('../../gateway/index.js');
    const gateway = await createGateway({
      ...opened,
      ...{ tasks, queues, exchange, telemetry, health, host, port, clock, version, audit, link },
      access: signedIn,
      engines: () => engineViews(engines),
      gateways: ground.gateways,
      allowedHosts: [...options.allowedHosts, own.host],
      storage: folder,
      ...(configuration.compatibility === undefined ? {} : { compatibility: configuration.compatibility }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(tls === undefined ? {} : { tls: await readCertificate(tls) }),
    });
    closers.push(() => gateway.close());
    await runtime.start();
    // again, so that it comes before the gateway's: instances talk to the gateway while they end
    closers.push(() => runtime.close());
    const followed =
      tls && followCertificate({ files: tls, use: (next) => gateway.useCertificate(next), clock, logger });
    if (followed !== undefined) closers.push(() => followed.close());
    const reloadCertificate = async () => followed?.reload();
    // whoever asks on the control socket is told why it cannot be used
    const reload = async () => {
      if (tls === undefined) return { certificate: null };
      gateway.useCertificate(await readCertificate(tls));
      return { certificate: tls.certificate };
    };
    const control = await openControlSocket({
      folder,
      logger,
      operations: {
        ...keyOperations(key, audit, clock),
        ...issuerOperations(() => rotated(ownIssuerKey(issuerKey), clock), audit),
        ...statusOperations(key, audit, undefined, () => ({
          pid: process.pid,
          url: gateway.url,
          parties: directory.all().map((agent) => ({ party: agent.party, online: agent.status().online })),
        })),
        'POST /reload': reload,
      },
    });
    closers.push(() => control.close());
    const { drain } = options;
    if (drain !== undefined) closers.push(() => gateway.drain(drain));
    const known = { engines: engines.known, key: key.publicKey.kid, kept };
    return { url: gateway.url, signedIn, ...known, reloadCertificate, close: closers.close };
  });
}
