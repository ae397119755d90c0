import { hostname } from 'node:os';
import { join } from 'node:path';
import { probeCaps } from '../../kernel/caps/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import type { Lead } from '../../kernel/control/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import {
  type OpenedHosts,
  openHosts,
  openProcessRuntime,
  type Runtime,
  type ServiceDeclaration,
} from '../../runtime/index.js';
import { photoWorker } from '../../systems/tasks/index.js';
import type { InstanceIssuer } from './instance-issuer.js';
import { programs } from './programs.js';

export interface ServicesOptions {
  /** The gateway's folder. */
  readonly folder: string;
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where instances reach the gateway. */
  readonly url: string;
  /** The file with certificates of authorities that instances are to believe; that of the environment if not given. */
  readonly authorities?: string | undefined;
  /** What the configuration declares. */
  readonly declared: readonly ServiceDeclaration[];
  /** Who vouches for instances; absent in open mode. */
  readonly issuer: InstanceIssuer | undefined;
  /** Where services run. Default: on hosts where other gateways share the state, and else here. */
  readonly on?: ServicesPlace | undefined;
  /** Whether other gateways may share the state. */
  readonly isShared: boolean;
  /** How long a host counts as there after its last report, in milliseconds; as the runtime has it if not given. */
  readonly hostLeaseMs?: number | undefined;
  /** Has instances be placed on hosts by one gateway alone. */
  readonly lead: Lead;
}

/** Where services run: `here`, as processes of the gateway's machine, or on `hosts`. */
export type ServicesPlace = 'here' | 'hosts';

/** Services that are kept running, and the hosts that they run on, where they do. */
export interface OpenedServices {
  readonly runtime: Runtime;
  readonly hosts?: Pick<OpenedHosts, 'desk' | 'hosts'>;
}

/**
 * The services that are kept running. Their instances are started by `start`, once the gateway listens; whoever calls this
 * closes the runtime before the gateway, so that instances can hand back what they work on. Throws `configuration-invalid`.
 */
export async function openServices(options: ServicesOptions): Promise<OpenedServices> {
  const { declared, isShared, on = isShared ? 'hosts' : 'here' } = options;
  if (on === 'here' && isShared) {
    const message =
      'Services cannot run here: every gateway that shares the state would run all of them. Let them run on hosts (--services hosts), and start those with `starling serve host`.';
    throw new StarlingError('configuration-invalid', message);
  }
  const opened = on === 'hosts' ? servicesOnHosts(options) : await servicesHere(options);
  const { runtime } = opened;
  // whoever declares a service of that name has workers of their own
  const own = declared.some(({ name }) => name === photoWorker.name) ? [] : [photoWorker];
  await runtime.declare(own, { source: 'tasks' });
  await runtime.declare(declared, { source: 'configuration' });
  return opened;
}

function servicesOnHosts(options: ServicesOptions): OpenedServices {
  const { state, clock, logger, issuer, lead, hostLeaseMs } = options;
  const { runtime, desk, hosts } = openHosts({
    ...{ state, clock, logger, lead },
    random: Math.random,
    programs: Object.keys(programs),
    ...(hostLeaseMs === undefined ? {} : { hostLeaseMs }),
    ...(issuer === undefined ? {} : { mint: (instance) => issuer.mint(instance) }),
  });
  return { runtime, hosts: { desk, hosts } };
}

async function servicesHere(options: ServicesOptions): Promise<OpenedServices> {
  const { folder, state, clock, logger, url, issuer } = options;
  const runtime = openProcessRuntime({
    state,
    folder: join(folder, 'services'),
    clock,
    random: Math.random,
    logger,
    host: hostname(),
    url: () => url,
    support: await probeCaps(),
    environment: process.env,
    authorities: options.authorities,
    programs,
    ...(issuer === undefined ? {} : { mint: (instance) => issuer.mint(instance) }),
  });
  return { runtime };
}
